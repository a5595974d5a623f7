package io.keyhold.objects;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Says of each call whose it is, by the certificate, and what object it is about. */
final class CallerOf implements ServerInterceptor {

    static final Context.Key<Caller> CALLER = Context.key("caller");
    static final Context.Key<ObjectName> OBJECT = Context.key("object");

    private static final int URI = 6; // RFC 5280, 4.2.1.6

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
        Optional<String> principal =
                principal(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (principal.isEmpty()) {
            return refuse(
                    call,
                    Status.UNAUTHENTICATED.withDescription(
                            "the certificate must have one URI: whose it is"));
        }
        Caller caller =
                new Caller(
                        principal.get(),
                        Optional.ofNullable(metadata.get(ObjectsApi.FORWARD_ACCESS)));
        try {
            ObjectName name =
                    new ObjectName(
                            text(metadata, ObjectsApi.BUCKET), text(metadata, ObjectsApi.OBJECT));
            Context context = Context.current().withValues(CALLER, caller, OBJECT, name);
            return Contexts.interceptCall(context, call, metadata, next);
        } catch (IllegalArgumentException e) {
            return refuse(call, Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
        }
    }

    private static String text(Metadata metadata, Metadata.Key<String> header) {
        String value = metadata.get(header);
        return value == null ? "" : value;
    }

    private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Status why) {
        call.close(why, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static Optional<String> principal(@Nullable SSLSession session) {
        if (session == null) {
            return Optional.empty();
        }
        try {
            return onlyUri((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return Optional.empty();
        }
    }

    /** Of two, neither is to be believed. */
    private static Optional<String> onlyUri(X509Certificate certificate)
            throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return Optional.empty();
        }
        List<String> uris =
                names.stream()
                        .filter(name -> name.getFirst().equals(URI))
                        .map(List::getLast)
                        .map(String.class::cast)
                        .toList();
        return uris.size() == 1 ? Optional.of(uris.getFirst()) : Optional.empty();
    }
}
