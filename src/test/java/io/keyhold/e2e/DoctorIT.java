package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import io.keyhold.v1.AdoptKeyMaterialRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ReconcileRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What {@code keyhold doctor} finds, says and mends. */
final class DoctorIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);
    private static final String ADMINISTRATOR = "arn:aws:iam::123456789012:user/administrator";

    private Home home;

    @BeforeEach
    void prepare() {
        home = Home.prepare();
    }

    @AfterEach
    void remove() {
        home.close();
    }

    @Test
    void materialThatTheDatabaseDoesNotKnowIsAdopted() throws IOException {
        Path older = home.scratch("older.db");
        byte[] blob;
        String key;
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            key = client.createKey().getKeyId();
            assertThat(doctor().out()).isEqualTo("Token and metadata are in step.\n");
            new Database(home).copyTo(older);
            client.rotate(key);
            blob = client.encrypt(key, PLAINTEXT, Map.of());
        }
        new Database(home).replaceBy(older);
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            Outcome found = doctor();
            assertThat(found.exitCode()).isEqualTo(1);
            assertThat(found.out().lines()).hasSize(2);
            assertThat(found.out()).startsWith("FINDING ").contains("\nadoptable ", key);
            JsonNode finding = new ObjectMapper().readTree(doctor("--json").out()).path(0);
            assertThat(finding.path("finding").asString()).isEqualTo("adoptable");

            String object = finding.path("object").asString();
            Outcome adopted = doctor("--adopt", object);

            assertThat(adopted.exitCode()).as(adopted.toString()).isZero();
            assertThat(adopted.err()).contains("adopted as material of arn:aws:kms:").contains(key);
            assertThat(adopted.out()).isEqualTo("Token and metadata are in step.\n");
            assertThat(doctor("--json").out().strip()).isEqualTo("[ ]");
            assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
            Consistency.assertIn(home);
            JsonNode record = home.journal().successes("AdoptKeyMaterial").getFirst();
            assertThat(record.path("requestParameters").path("objectId").asString())
                    .isEqualTo(object);
            assertThat(record.path("userIdentity").path("arn").asString())
                    .isEqualTo("arn:aws:iam::123456789012:root");

            Outcome again = doctor("--adopt", object);
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err()).startsWith("ConflictException: ").contains("has already");
            assertThat(doctor("--adopt", "nonsense").err())
                    .startsWith("ValidationException: ")
                    .contains("objectId");
        }
    }

    @Test
    void aMissingObjectIsFoundAndItsKeyIsUnavailable() {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            String key = client.createKey().getKeyId();
            String lost = labelOf(key);
            home.token().tool("--delete-object", "--type", "secrkey", "--label", lost);

            Outcome found = doctor();

            assertThat(found.exitCode()).isEqualTo(1);
            assertThat(found.out()).contains("missing ", lost, "cannot be decrypted");
            assertThat(
                            client.call(
                                            Rpc.DESCRIBE_KEY,
                                            DescribeKeyRequest.newBuilder().setKeyId(key).build())
                                    .getKeyMetadata()
                                    .getKeyState())
                    .isEqualTo(KeyState.Value.Unavailable);
            Refusal refusal = Refusal.of(() -> client.encrypt(key, PLAINTEXT, Map.of()));
            assertThat(refusal.name()).isEqualTo("KMSInvalidStateException");
            assertThat(refusal.text()).endsWith(key + " is unavailable.");
        }
    }

    /** Not even who may do everything with keys. */
    @Test
    void itIsTheOperatorsAlone() {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client operator = Listener.UNIX.connect(daemon);
                Client other = Listener.TLS.connect(daemon)) {
            List<Request<?>> requests =
                    List.of(
                            Request.of(ReconcileRequest.newBuilder()),
                            Request.of(
                                    AdoptKeyMaterialRequest.newBuilder()
                                            .setObjectId("0".repeat(32))));
            for (Request<?> request : requests) {
                assertThat(request.refusal(other).name()).isEqualTo("AccessDeniedException");
                assertThat(Refusal.of(() -> operator.callAs(ADMINISTRATOR, request)).name())
                        .isEqualTo("AccessDeniedException");
            }
        }
    }

    @Test
    void withoutADaemonItSaysSo() {
        Outcome outcome = doctor();
        assertThat(outcome.exitCode()).isEqualTo(Keyhold.UNAVAILABLE);
        assertThat(outcome.err()).startsWith("keyhold: no daemon ");
    }

    private String labelOf(String key) {
        return home.token().objects().stream()
                .map(Token.TokenObject::label)
                .filter(label -> label.contains(key))
                .findFirst()
                .orElseThrow();
    }

    private Outcome doctor(String... options) {
        return Keyhold.run(
                Stream.concat(
                                Stream.of("doctor", "--home", home.folder().toString()),
                                Stream.of(options))
                        .toArray(String[]::new));
    }
}
