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
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Says of each call whose it is, by his certificate, and what object it is about. */
final class CallerOf implements ServerInterceptor {

    static final Context.Key<String> PRINCIPAL = Context.key("principal");
    static final Context.Key<ObjectName> OBJECT = Context.key("object");

    private static final int URI = 6; // RFC 5280, 4.2.1.6

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
        Optional<String> principal =
                principal(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (principal.isEmpty()) {
            return refuse(call, Status.UNAUTHENTICATED.withDescription("who are you?"));
        }
        try {
            ObjectName name =
                    new ObjectName(
                            text(metadata, ObjectsApi.BUCKET), text(metadata, ObjectsApi.OBJECT));
            Context context =
                    Context.current().withValues(PRINCIPAL, principal.get(), OBJECT, name);
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
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            return certificate.getSubjectAlternativeNames().stream()
                    .filter(name -> name.getFirst().equals(URI))
                    .map(List::getLast)
                    .map(String.class::cast)
                    .findFirst();
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
