package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * R19: clocks jump by a day and back, and the daemon pauses. The pause takes as many seconds as
 * {@code -Dkeyhold.pause} says, with SIGSTOP; without one it is a new start, which looks at the
 * clock at once.
 */
final class ClockJumpIT {

    private static final int PAUSE = Integer.getInteger("keyhold.pause", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration DAY = Duration.ofDays(1);
    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);

    private final Machine machine = new Machine(Machine.Files.DATABASE);
    private Home home;
    private Daemon daemon;
    private Client client;
    private String doomed;
    private String rotating;
    private byte[] blob;

    /** A deletion and a rotation will be due in half a day. */
    @BeforeEach
    void prepare() {
        home = Home.prepare();
        start();
        doomed = client.createKey().getKeyId();
        Request.of(ScheduleKeyDeletionRequest.newBuilder().setKeyId(doomed)).send(client);
        rotating = client.createKey().getKeyId();
        Request.of(EnableKeyRotationRequest.newBuilder().setKeyId(rotating)).send(client);
        blob = client.encrypt(rotating, PLAINTEXT, Map.of());
        stop();
        long soon = Instant.now().plus(Duration.ofHours(12)).toEpochMilli();
        Database database = new Database(home);
        database.execute(
                "UPDATE kms_key SET deletion_date = ? WHERE state = 'PendingDeletion'", soon);
        database.execute(
                "UPDATE kms_key SET next_rotation = ? WHERE next_rotation IS NOT NULL", soon);
        start();
    }

    @AfterEach
    void remove() {
        stop();
        home.close();
    }

    @Test
    void nothingIsDeletedEarlyAndNothingIsDoneTwice() {
        assertThat(client.rotations(rotating)).isEmpty();

        machine.setClockAhead(DAY);
        pause();

        Awaitility.await().atMost(PATIENCE).until(() -> records("PostponeKeyDeletion") == 1);
        assertThat(describe(doomed).getKeyState()).isEqualTo(KeyState.Value.PendingDeletion);
        Instant later = Instant.ofEpochSecond(describe(doomed).getDeletionDate().getSeconds());
        assertThat(later).isAfter(Instant.now().plus(DAY).plus(Duration.ofHours(23)));
        Awaitility.await().until(() -> client.rotations(rotating).size() == 1);

        daemon.kill();
        restart();
        assertNothingMoreWasDone();
        machine.setClockAhead(Duration.ZERO);
        pause();
        assertNothingMoreWasDone();
        machine.setClockAhead(DAY.multipliedBy(40)); // long past the new date
        pause();
        Awaitility.await().atMost(PATIENCE).until(() -> records("PostponeKeyDeletion") == 2);
        assertThat(describe(doomed).getKeyState()).isEqualTo(KeyState.Value.PendingDeletion);
        assertThat(client.rotations(rotating)).hasSize(1);
        assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
        assertThat(records("DeleteKey")).isZero();
        Consistency.assertIn(home);
    }

    private void assertNothingMoreWasDone() {
        assertThat(records("PostponeKeyDeletion")).isEqualTo(1);
        assertThat(records("DeleteKey")).isZero();
        assertThat(client.rotations(rotating)).hasSize(1);
        assertThat(describe(doomed).getKeyState()).isEqualTo(KeyState.Value.PendingDeletion);
    }

    /** When this returns, the daemon has looked at the clock, or is about to. */
    private void pause() {
        if (PAUSE == 0) {
            restart();
            return;
        }
        signal("-STOP");
        Instant end = Instant.now().plusSeconds(PAUSE);
        Awaitility.await().atMost(PATIENCE).until(() -> Instant.now().isAfter(end));
        signal("-CONT");
    }

    private void signal(String signal) {
        Commands.must("kill", signal, Long.toString(daemon.pid()));
    }

    /** What the daemon did to keys by itself. */
    private long records(String name) {
        return Commands.text(home.path("audit/journal.jsonl"))
                .lines()
                .filter(line -> line.contains("\"eventName\":\"" + name + "\""))
                .count();
    }

    private KeyMetadata describe(String key) {
        return client.call(Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(key).build())
                .getKeyMetadata();
    }

    private void restart() {
        stop();
        new Database(home).execute("DELETE FROM lease"); // as if it had run out
        start();
    }

    private void start() {
        daemon = Daemon.start(home, machine, Daemon.FAST_START);
        client = Listener.UNIX.connect(daemon);
    }

    private void stop() {
        client.close();
        daemon.close();
    }
}
