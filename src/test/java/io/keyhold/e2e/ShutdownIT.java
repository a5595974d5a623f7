package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keyhold.e2e.Pressure.Sent;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R20: SIGTERM. What was sent before it is answered, what comes after is not begun. */
final class ShutdownIT {

    private static final Duration PROMISE = Duration.ofSeconds(10);
    private static final int WARM = 200;

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
    void callsUnderWayAreAnswered() {
        try (Daemon daemon = Daemon.start(home);
                Client unix = Listener.UNIX.connect(daemon);
                Client tls = Listener.TLS.connect(daemon);
                Pressure pressure = new Pressure(List.of(unix, tls))) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> pressure.answered() > WARM && pressure.underWay() > 20);
            long signalled = System.nanoTime();
            daemon.signalTermination();
            assertThat(daemon.awaitExit()).isEqualTo(Daemon.TERMINATED);
            Duration took = Duration.ofNanos(System.nanoTime() - signalled);

            List<Sent> before =
                    pressure.stop().stream().filter(call -> call.sent() < signalled).toList();
            List<Sent> underWay = before.stream().filter(call -> call.done() > signalled).toList();
            System.out.printf(
                    "SIGTERM with %d calls under way of %d: exit after %d ms%n",
                    underWay.size(), before.size(), took.toMillis());
            assertThat(underWay).isNotEmpty();
            assertThat(before).allMatch(call -> call.status().isOk());
            assertThat(took).isLessThan(PROMISE);
            assertThat(daemon.log()).doesNotContain("\tat ").doesNotContain(" ERROR ");
        }
    }

    @Test
    void idleConnectionsDoNotDelayTheEnd() {
        try (Daemon daemon = Daemon.start(home);
                Client client = Listener.TLS.connect(daemon);
                Wire silent = Wire.open(Listener.UNIX, daemon);
                Wire stranger = Wire.open(Listener.TLS, daemon)) {
            client.createKey();
            long signalled = System.nanoTime();
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
            Duration took = Duration.ofNanos(System.nanoTime() - signalled);
            System.out.printf("SIGTERM with idle connections: exit after %d ms%n", took.toMillis());
            assertThat(took).isLessThan(PROMISE);
            StatusRuntimeException refused =
                    catchThrowableOfType(StatusRuntimeException.class, client::createKey);
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(silent.awaitEnd() + stranger.awaitEnd()).isLessThan(1000);
            assertThat(Files.exists(home.socket())).isFalse();
        }
    }

    @Test
    void aStartUnderWayEndsToo() {
        try (Daemon daemon = Daemon.launch(home, Daemon.FAST_START)) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> daemon.log().contains("metadata is in"));
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            assertThat(client.createKey().getKeyId()).isNotEmpty();
        }
    }
}
