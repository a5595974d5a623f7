package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.keyhold.v1.ListKeysRequest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Temporary credentials that this daemon did not issue let nobody in. */
final class SessionTokenIT {

    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("keyhold-session-token", Metadata.ASCII_STRING_MARSHALLER);

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource(Listener.class)
    void garbageIsNeverIgnored(Listener listener) {
        for (String token : new String[] {"", "x", "AAAA", "A".repeat(12_000)}) {
            Metadata headers = new Metadata();
            headers.put(TOKEN, token);
            assertThat(refusal(listener, headers))
                    .isEqualTo("keyhold-session-token is refused: this daemon did not make it.");
        }
    }

    @Test
    void whatAKeyEncryptedIsNoToken() {
        Client client = one.client();
        byte[] blob =
                client.encrypt(
                        client.createKey().getArn(),
                        new byte[100],
                        Map.of("keyhold:purpose", "session"));
        Metadata headers = new Metadata();
        headers.put(TOKEN, Base64.getEncoder().encodeToString(blob));

        assertThat(refusal(Listener.UNIX, headers)).contains("this daemon did not make it");
    }

    @Test
    void twoTokensAreRefused() {
        Metadata headers = new Metadata();
        headers.put(TOKEN, "AAAA");
        headers.put(TOKEN, "AAAA");

        assertThat(refusal(Listener.TLS, headers)).contains("2 times");
    }

    @ParameterizedTest
    @EnumSource(Listener.class)
    void theAuditNamesWhoBroughtIt(Listener listener) {
        Metadata headers = new Metadata();
        headers.put(TOKEN, "x");
        refusal(listener, headers);

        JsonNode event = one.home().journal().events().getLast();
        assertThat(event.path("errorCode").asString()).isEqualTo("UnrecognizedClientException");
        assertThat(event.at("/userIdentity/arn").asString())
                .isEqualTo("arn:aws:iam::123456789012:root");
    }

    private static String refusal(Listener listener, Metadata headers) {
        Request<?> request = Request.of(ListKeysRequest.newBuilder());
        Refusal refusal = Refusal.of(() -> one.client(listener).callWith(headers, request));
        assertThat(refusal.name()).isEqualTo("UnrecognizedClientException");
        return refusal.text();
    }
}
