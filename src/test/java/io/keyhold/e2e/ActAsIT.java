package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.EncryptRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The operator tries a policy as one of those whom it concerns. */
final class ActAsIT {

    private static final String ALICE = "arn:aws:iam::123456789012:user/alice";

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static Request<?> encrypt(String key) {
        EncryptRequest request = Client.encryptRequest(key, new byte[1], Map.of());
        return Request.of(request.toBuilder());
    }

    @Test
    void thePolicyDecidesAboutThePrincipalAndTheRecordNamesBoth() {
        Client operator = one.client(Listener.UNIX);
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "kms:*",
                   "Resource": "*"},
                  {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:Encrypt",
                   "Resource": "*"}]}
                """
                        .formatted(ALICE);
        String shared =
                operator.call(
                                Rpc.CREATE_KEY,
                                CreateKeyRequest.newBuilder().setPolicy(policy).build())
                        .getKeyMetadata()
                        .getKeyId();
        String closed = operator.createKey().getKeyId();

        operator.callAs(ALICE, encrypt(shared));
        Refusal refusal = Refusal.of(() -> operator.callAs(ALICE, encrypt(closed)));

        assertThat(refusal.name()).isEqualTo("AccessDeniedException");
        assertThat(refusal.text()).startsWith("User: " + ALICE + " is not authorized");
        JsonNode event = one.home().journal().events().getLast();
        assertThat(event.path("userIdentity").path("arn").asString()).isEqualTo(ALICE);
        JsonNode actor = event.path("additionalEventData");
        assertThat(actor.path("actingPid").asLong()).isEqualTo(ProcessHandle.current().pid());
        assertThat(actor.path("actingUid").isInt()).isTrue();
        assertThat(actor.path("actingGid").isInt()).isTrue();
    }

    @Test
    void onTcpNobodyActsAsAnother() {
        Client client = one.client(Listener.TLS);
        String key = client.createKey().getKeyId();

        Refusal refusal = Refusal.of(() -> client.callAs(ALICE, encrypt(key)));

        assertThat(refusal.name()).isEqualTo("UnrecognizedClientException");
        assertThat(refusal.text()).contains("only the operator's Unix socket");
    }

    @Test
    void aPrincipalOfAnUnknownAccountIsNobody() {
        Client operator = one.client(Listener.UNIX);

        Refusal refusal =
                Refusal.of(() -> operator.callAs("arn:aws:iam::999999999999:root", encrypt("key")));

        assertThat(refusal.name()).isEqualTo("UnrecognizedClientException");
        assertThat(refusal.text()).contains("999999999999");
    }
}
