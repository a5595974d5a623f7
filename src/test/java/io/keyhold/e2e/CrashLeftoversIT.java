package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.keyhold.e2e.Database.BackingRow;
import io.keyhold.e2e.Token.TokenObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a crash, or somebody else, can leave in the token must not stop or hinder the daemon. */
final class CrashLeftoversIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);

    /** Unknown objects are reported and left alone, also those that have no CKA_ID at all. */
    @Test
    void objectsOfOthers() throws IOException {
        try (Home home = Home.prepare()) {
            Path data = Files.write(home.scratch("data"), PLAINTEXT);
            tool(home, "--write-object", data.toString(), "--type", "data", "--label", "a note");
            tool(home, "--keygen", "--key-type", "AES:32", "--label", "a key without ID");
            tool(home, "--keygen", "--key-type", "AES:32", "--id", "0102");
            tool(home, "--keypairgen", "--key-type", "EC:prime256v1", "--label", "a pair");
            List<TokenObject> others = home.token().objects();
            assertThat(others).hasSize(5);
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.TLS.connect(daemon)) {
                assertThat(client.health()).isEqualTo(ServingStatus.SERVING);
                String key = client.createKey().getKeyId();
                byte[] blob = client.encrypt(key, PLAINTEXT, Map.of());
                assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
                assertThat(daemon.log()).contains("a key without ID").contains("a pair");
            }
            assertThat(home.token().objects()).hasSize(6).containsAll(others);
        }
    }

    /** SoftHSM, killed inside C_GenerateKey, leaves an object with a CKA_ID and without a key. */
    @Test
    void anObjectThatWasMadeByHalf() throws IOException {
        try (Home home = Home.prepare()) {
            String key;
            byte[] blob;
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.UNIX.connect(daemon)) {
                key = client.createKey().getKeyId();
                blob = client.encrypt(key, PLAINTEXT, Map.of());
            }
            crashInRotation(home, key);
            BackingRow begun = begun(home);
            // Like what SoftHSM leaves, an imported object is not CKA_LOCAL.
            Path bytes = Files.write(home.scratch("bytes"), new byte[32]);
            tool(
                    home,
                    "--write-object",
                    bytes.toString(),
                    "--type",
                    "secrkey",
                    "--key-type",
                    "AES:32",
                    "--id",
                    begun.ckaId(),
                    "--label",
                    begun.label());
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.UNIX.connect(daemon)) {
                Consistency.awaitIn(home);
                assertThat(client.health()).isEqualTo(ServingStatus.SERVING);
                client.rotate(key);
                assertThat(client.rotations(key)).hasSize(1);
                assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
                Consistency.awaitIn(home);
            }
        }
    }

    private static void crashInRotation(Home home, String key) {
        try (Daemon daemon = Daemon.start(home, "-Dkeyhold.crashpoint=MATERIAL_BEGUN");
                Client client = Listener.UNIX.connect(daemon)) {
            assertThat(catchThrowable(() -> client.rotate(key))).isNotNull();
            assertThat(daemon.awaitExit()).isEqualTo(Daemon.KILLED);
        }
    }

    private static BackingRow begun(Home home) {
        return new Database(home)
                .backingKeys().stream()
                        .filter(row -> row.state().equals("CREATING"))
                        .findFirst()
                        .orElseThrow();
    }

    private static void tool(Home home, String... arguments) {
        Commands.Outcome outcome = home.token().tool(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
    }
}
