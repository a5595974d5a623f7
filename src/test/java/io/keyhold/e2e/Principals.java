package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Clients whose certificates name principals of a daemon's accounts. */
final class Principals implements AfterAllCallback {

    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final OneDaemon one;

    Principals(OneDaemon one) {
        this.one = one;
    }

    /** A client with a certificate that names this ARN. */
    Client as(String arn) {
        return clients.computeIfAbsent(arn, this::connect);
    }

    /** Sends a request in somebody's name. */
    void send(String arn, Message.Builder request) {
        Request.of(request).send(as(arn));
    }

    /** Sends a request in somebody's name; the answer, whose type the caller knows. */
    @SuppressWarnings("unchecked")
    <R extends Message> R ask(String arn, Message.Builder request) {
        Message message = request.build();
        return (R) as(arn).call(Rpc.taking(message), message);
    }

    /** Sends a service's request, whose metadata name for whom it is; the answer. */
    @SuppressWarnings("unchecked") // the caller knows the type of the answer
    <R extends Message> R ask(String service, String header, String whom, Message.Builder request) {
        Message message = request.build();
        return (R) as(service).callWith(metadata(header, whom), Rpc.taking(message), message);
    }

    /** How such a request is refused. */
    Refusal refusal(String service, String header, String whom, Message.Builder request) {
        return Refusal.of(() -> ask(service, header, whom, request));
    }

    static Metadata metadata(String header, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
        return headers;
    }

    /** The message of a request that somebody may not make. */
    String denied(String arn, Message.Builder request) {
        return refused("AccessDeniedException", arn, request);
    }

    /** The message of a request that is refused with this exception. */
    String refused(String name, String arn, Message.Builder request) {
        Refusal refusal = Request.of(request).refusal(as(arn));
        assertThat(refusal.name()).as(refusal.text()).isEqualTo(name);
        return refusal.text();
    }

    private Client connect(String arn) {
        String name = "principal-" + clients.size();
        String path = new Certificates(one.home()).issue(name, "clientAuth", "URI:" + arn);
        return new Client(Tls.channel(one.daemon(), Tls.as(one.home(), path)));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        clients.values().forEach(Client::close);
    }
}
