package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A home has one daemon. */
final class SecondDaemonIT {

    private static final int CROWD = 5;

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
    void aLockThatWasRemovedDoesNotLetASecondOneIn() throws IOException {
        try (Daemon first = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(first)) {
            Files.delete(home.path("keyhold.lock"));
            Files.delete(home.path("keyhold.db.lock"));

            assertThat(Keyhold.refusal(home)).contains("another daemon writes ");
            client.createKey();
        }
    }

    @Test
    void twoHomesCannotShareADatabase() throws IOException {
        try (Home other = Home.prepare();
                Daemon first = Daemon.start(home, Daemon.FAST_START)) {
            Path settings = other.path("keyhold.toml");
            Files.writeString(
                    settings,
                    Files.readString(settings)
                            + "\n[store]\nfile = \"%s\"\n".formatted(home.path("keyhold.db")));

            assertThat(Keyhold.refusal(other))
                    .contains("another daemon, process " + first.pid())
                    .contains(home.path("keyhold.db").toString());
        }
    }

    @Test
    void aSecondOneRefusesAndNamesTheFirst() throws IOException {
        Path link = Files.createSymbolicLink(home.scratch("link"), home.folder());
        try (Daemon first = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(first)) {
            String key = client.createKey().getKeyId();
            int records = home.journal().events().size();
            for (Path folder : List.of(home.folder(), link)) {
                Outcome second =
                        Keyhold.run(
                                "serve",
                                "--grpc-port",
                                "0",
                                "--aws-port",
                                "0",
                                "--home",
                                folder.toString());
                assertThat(second.exitCode()).as(second.toString()).isEqualTo(Keyhold.CONFIG);
                assertThat(second.err().lines().filter(line -> line.startsWith("keyhold: ")))
                        .singleElement()
                        .asString()
                        .contains("another daemon, process " + first.pid() + ",")
                        .contains(folder.toString());
                assertThat(second.err()).doesNotContain("\tat ");
                assertThat(second.out()).isEmpty();
            }
            for (Listener listener : Listener.values()) {
                try (Client fresh = listener.connect(first)) {
                    assertThat(fresh.rotations(key)).isEmpty();
                }
            }
            assertThat(home.journal().since(records).events()).hasSize(Listener.values().length);
            client.rotate(key);
            Consistency.assertIn(home);
        }
    }

    @Test
    void ofManyAtOnceOneWins() {
        List<Daemon> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < CROWD; i++) {
                crowd.add(Daemon.launch(home, Daemon.FAST_START));
            }
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> crowd.stream().filter(Daemon::alive).count() == 1);
            Daemon winner = crowd.stream().filter(Daemon::alive).findFirst().orElseThrow();
            winner.awaitReady();
            for (Daemon loser : crowd) {
                if (loser != winner) {
                    assertThat(loser.awaitExit()).as(loser.log()).isEqualTo(Keyhold.CONFIG);
                    assertThat(loser.log()).contains("another daemon, process ");
                }
            }
            try (Client client = Listener.TLS.connect(winner)) {
                assertThat(client.createKey().getKeyId()).isNotEmpty();
            }
        } finally {
            crowd.forEach(Daemon::close);
        }
    }
}
