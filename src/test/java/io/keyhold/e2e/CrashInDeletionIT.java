package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R1, R2: a key's end that is broken off at each named point is brought to its end. */
final class CrashInDeletionIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);

    private static Home home;
    private static String other;
    private static final Map<String, String> doomed = new HashMap<>();
    private static byte[] blob;

    @BeforeAll
    static void prepare() throws ClassNotFoundException {
        home = Home.prepare();
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            other = client.createKey().getKeyId();
            client.rotate(other);
            blob = client.encrypt(other, PLAINTEXT, Map.of());
            for (String point : points().toList()) {
                doomed.put(point, makeDoomed(client));
            }
        }
    }

    /** With three objects, of which each has to go. */
    private static String makeDoomed(Client client) {
        String key = client.createKey().getKeyId();
        client.rotate(key);
        client.rotate(key);
        Request.of(ScheduleKeyDeletionRequest.newBuilder().setKeyId(key)).send(client);
        return key;
    }

    @AfterAll
    static void remove() {
        home.close();
    }

    /** Those of io.keyhold.lifecycle.CrashPoint that only a deletion comes by. */
    static Stream<String> points() throws ClassNotFoundException {
        Object[] points = Class.forName("io.keyhold.lifecycle.CrashPoint").getEnumConstants();
        return Stream.of(points).map(Object::toString).filter(p -> !p.startsWith("MATERIAL_"));
    }

    @ParameterizedTest
    @MethodSource("points")
    void itIsFinished(String point) {
        String key = doomed.get(point);
        // Its time has come while no daemon runs.
        new Database(home).execute("UPDATE kms_key SET deletion_date = 0 WHERE key_id = ?", key);
        assertThat(labels()).filteredOn(label -> label.contains(key)).hasSize(3);

        try (Daemon daemon =
                Daemon.launch(home, Daemon.fastStart("-Dkeyhold.crashpoint=" + point))) {
            assertThat(daemon.awaitExit()).as(daemon.log()).isEqualTo(Daemon.KILLED);
        }

        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            Consistency.awaitIn(home);
            Request<?> describe = Request.of(DescribeKeyRequest.newBuilder().setKeyId(key));
            assertThat(describe.refusal(client).name()).isEqualTo("NotFoundException");
            assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
            assertThat(client.rotations(other)).hasSize(1);
        }
        assertThat(labels()).noneMatch(label -> label.contains(key));
        assertThat(new Database(home).tombstones()).contains(key);
        String event = UUID.nameUUIDFromBytes(("DeleteKey " + arn(key)).getBytes(UTF_8)).toString();
        assertThat(Commands.text(home.path("audit/journal.jsonl")).lines())
                .filteredOn(line -> line.contains("\"DeleteKey\"") && line.contains(key))
                .as("the same event, if it was recorded twice")
                .hasSizeBetween(1, 2)
                .allMatch(line -> line.contains("\"eventID\":\"" + event + "\""));
    }

    private static String arn(String key) {
        return "arn:aws:kms:us-east-1:123456789012:key/" + key;
    }

    private static List<String> labels() {
        return home.token().objects().stream().map(Token.TokenObject::label).toList();
    }
}
