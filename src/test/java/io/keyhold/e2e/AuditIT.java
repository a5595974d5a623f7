package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.ListKeysRequest;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Every call, good, refused or unreadable, has one record, there before its reply. */
final class AuditIT {

    private static final Map<String, String> CONTEXT = Map.of("tenant", "t\u00E9n\u00E0nt");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void everyCallHasItsRecord(Listener listener) {
        Client client = one.client(listener);
        int before = one.home().journal().events().size();
        Instant start = Instant.now();
        KeyMetadata key = client.createKey();
        String id = key.getKeyId();
        client.call(Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(id).build());
        client.call(Rpc.LIST_KEYS, ListKeysRequest.getDefaultInstance());
        byte[] blob = client.encrypt(id, "x".getBytes(UTF_8), CONTEXT);
        client.decrypt(blob, CONTEXT);
        client.rotate(id);
        client.rotations(id);
        Refusal.of(() -> client.decrypt(blob, Map.of()));
        Refusal.of(() -> client.rotate("nobody"));
        Refusal.of(() -> client.send(Rpc.ENCRYPT.getFullMethodName(), new byte[] {1, 2, 3}));

        List<JsonNode> events = one.home().journal().since(before).events();
        assertThat(events)
                .extracting(event -> text(event, "/eventName") + " " + text(event, "/errorCode"))
                .containsExactly(
                        "CreateKey ",
                        "DescribeKey ",
                        "ListKeys ",
                        "Encrypt ",
                        "Decrypt ",
                        "RotateKeyOnDemand ",
                        "ListKeyRotations ",
                        "Decrypt InvalidCiphertextException",
                        "RotateKeyOnDemand NotFoundException",
                        "Encrypt SerializationException");
        Set<String> ids = new HashSet<>();
        for (JsonNode event : events) {
            assertThat(text(event, "/eventSource")).isEqualTo("kms.amazonaws.com");
            assertThat(text(event, "/awsRegion")).isEqualTo("us-east-1");
            assertThat(text(event, "/userIdentity/arn"))
                    .isEqualTo("arn:aws:iam::123456789012:root");
            assertThat(text(event, "/userIdentity/principalId")).isEqualTo("123456789012");
            assertThat(text(event, "/sourceIPAddress"))
                    .isEqualTo(listener == Listener.UNIX ? "unix" : "127.0.0.1");
            assertThat(text(event, "/userAgent")).startsWith("grpc-java");
            assertThat(Instant.parse(text(event, "/eventTime")))
                    .isBetween(start.minusMillis(1), Instant.now());
            assertThat(ids.add(text(event, "/eventID"))).isTrue();
            assertThat(ids.add(text(event, "/requestID"))).isTrue();
        }
        for (int number : new int[] {0, 1, 3, 4, 5, 6, 7}) {
            assertThat(text(events.get(number), "/resources/0/ARN")).isEqualTo(key.getArn());
        }
        assertThat(text(events.get(3), "/requestParameters/encryptionContext/tenant"))
                .isEqualTo(CONTEXT.get("tenant"));
        assertThat(text(events.get(0), "/responseElements/keyMetadata/keyId")).isEqualTo(id);
        assertThat(events.get(9).path("requestParameters").isNull()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anAliasIsAResourceBesideItsKey(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        String alias = "alias/audit-" + listener;
        int before = one.home().journal().events().size();
        client.call(
                Rpc.CREATE_ALIAS,
                CreateAliasRequest.newBuilder()
                        .setAliasName(alias)
                        .setTargetKeyId(key.getKeyId())
                        .build());
        client.call(
                Rpc.GENERATE_DATA_KEY,
                GenerateDataKeyRequest.newBuilder().setKeyId(alias).setNumberOfBytes(7).build());

        List<JsonNode> events = one.home().journal().since(before).events();
        assertThat(text(events.get(0), "/resources/0/type")).isEqualTo("AWS::KMS::Alias");
        assertThat(text(events.get(0), "/resources/0/ARN")).endsWith(":" + alias);
        assertThat(text(events.get(0), "/resources/1/ARN")).isEqualTo(key.getArn());
        assertThat(text(events.get(0), "/requestParameters/targetKeyId")).isEqualTo(key.getKeyId());
        assertThat(events.get(1).at("/requestParameters/numberOfBytes").asInt()).isEqualTo(7);
        assertThat(text(events.get(1), "/resources/0/ARN")).isEqualTo(key.getArn());
        assertThat(events.get(1).path("responseElements").isNull()).isTrue();
    }

    private static String text(JsonNode event, String path) {
        return event.at(path).asString("");
    }
}
