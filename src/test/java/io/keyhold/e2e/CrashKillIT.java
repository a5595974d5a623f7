package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Ledger.Ciphertext;
import io.keyhold.e2e.Ledger.Ending;
import io.keyhold.testkit.Seeded;
import io.keyhold.v1.KeyState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * R1, R2, R14: kill -9 at random under a mixed load, and now and then during a start. So many kills
 * as {@code -Dkeyhold.kills=N} says.
 */
final class CrashKillIT {

    private static final int KILLS = Integer.getInteger("keyhold.kills", 60);
    private static final int MOST_ANSWERS = 150;
    private static final int ONE_IN = 6;

    /** Then a new home is begun: to compare thousands of keys takes longer than to kill. */
    private static final int MOST_KILLS_OF_A_HOME = 100;

    /** Ciphertexts that were decrypted after an earlier kill already. */
    private int opened;

    @Test
    void nothingAcknowledgedIsLostOrDoubled() throws ExecutionException, InterruptedException {
        Random random = Seeded.random("kills");
        for (int left = KILLS; left > 0; left -= MOST_KILLS_OF_A_HOME) {
            survive(Math.min(left, MOST_KILLS_OF_A_HOME), random);
        }
    }

    private void survive(int kills, Random random) throws ExecutionException, InterruptedException {
        long start = System.nanoTime();
        Ledger ledger = new Ledger();
        opened = 0;
        long torn;
        try (Home home = Home.prepare()) {
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
                daemon.terminate();
            }
            for (int kill = 0; kill < kills; kill++) {
                if (kill > 0 && random.nextInt(ONE_IN) == 0) {
                    killAStart(home, random);
                    continue;
                }
                letSomeEnd(ledger, home, random);
                try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
                    compare(ledger, daemon);
                    try (Load load = new Load(ledger, daemon, random)) {
                        load.killAfter(1 + random.nextInt(MOST_ANSWERS));
                    }
                }
            }
            torn = compareAll(ledger, home);
            assertRecorded(ledger, home.journal());
        }
        System.out.printf(
                "%d kills: %d calls acknowledged, %d without an answer; %d keys, %d deleted,"
                        + " %d rotations, %d ciphertexts: 0 lost, 0 doubled, no object without a"
                        + " row; %d objects left without ID by SoftHSM; %d s%n",
                kills,
                ledger.acknowledged.get(),
                ledger.unanswered.get(),
                ledger.keys.size() + ledger.endings.size(),
                ledger.deleted.size(),
                ledger.keys.values().stream().mapToInt(key -> key.rotations.get()).sum(),
                ledger.ciphertexts.size(),
                torn,
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    /** After a kill: what is new since the last one, and that all keys are there. */
    private void compare(Ledger ledger, Daemon daemon)
            throws ExecutionException, InterruptedException {
        if (ledger.acknowledged.get() == 0) {
            return;
        }
        try (Client client = Listener.TLS.connect(daemon)) {
            Comparison comparison = new Comparison(ledger, client);
            comparison.endings();
            comparison.keys();
            comparison.rotations();
            comparison.usable(ledger.keys.values());
            List<Ciphertext> all = new ArrayList<>(ledger.ciphertexts);
            comparison.open(all.subList(opened, all.size()));
            opened = all.size();
        }
        Consistency.awaitIn(daemon.home());
    }

    /**
     * For some keys that are certainly planned to end, the time comes while no daemon runs; and the
     * lease of the one that was killed runs out.
     */
    private static void letSomeEnd(Ledger ledger, Home home, Random random) {
        Database database = new Database(home);
        database.execute("DELETE FROM lease");
        for (Ending one : ledger.endings.values()) {
            if (one.isCertainly(KeyState.Value.PendingDeletion) && random.nextInt(ONE_IN) == 0) {
                one.due = true;
                database.execute("UPDATE kms_key SET deletion_date = 0 WHERE key_id = ?", one.id);
            }
        }
    }

    /** At the end everything once more, and token and store while no daemon runs. */
    private long compareAll(Ledger ledger, Home home)
            throws ExecutionException, InterruptedException {
        opened = 0;
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START)) {
            compare(ledger, daemon);
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
        }
        Consistency.assertIn(home);
        long torn = Consistency.torn(home);
        assertThat(torn).isLessThanOrEqualTo(ledger.unanswered.get());
        return torn;
    }

    /** Kills a daemon that has written some of its first lines, or is just ready. */
    private static void killAStart(Home home, Random random) {
        try (Daemon daemon = Daemon.launch(home, Daemon.FAST_START)) {
            int bytes = random.nextInt(400);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> daemon.log().length() >= bytes || !daemon.out().isEmpty());
            daemon.kill();
        }
    }

    /** R14: every acknowledged call has its record. */
    private static void assertRecorded(Ledger ledger, Journal journal) {
        Map<String, Integer> rotations = new HashMap<>();
        for (JsonNode event : journal.successes("RotateKeyOnDemand")) {
            rotations.merge(event.at("/responseElements/keyId").asString(), 1, Integer::sum);
        }
        ledger.keys.forEach(
                (id, key) ->
                        assertThat(rotations.getOrDefault(id, 0))
                                .as("recorded rotations of %s", id)
                                .isGreaterThanOrEqualTo(key.acknowledged.get()));
        assertThat(
                        new HashSet<>(
                                texts(journal, "CreateKey", "/responseElements/keyMetadata/keyId")))
                .containsAll(ledger.creations);
        assertThat(
                        new HashSet<>(
                                texts(
                                        journal,
                                        "Encrypt",
                                        "/requestParameters/encryptionContext/n")))
                .containsAll(
                        ledger.ciphertexts.stream().map(one -> one.context().get("n")).toList());
        Map<String, Integer> decryptions = new HashMap<>();
        texts(journal, "Decrypt", "/requestParameters/encryptionContext/n")
                .forEach(n -> decryptions.merge(n, 1, Integer::sum));
        ledger.decryptions.forEach(n -> decryptions.merge(n, -1, Integer::sum));
        assertThat(decryptions.values()).allMatch(left -> left >= 0);
    }

    private static List<String> texts(Journal journal, String verb, String path) {
        return journal.successes(verb).stream().map(event -> event.at(path).asString()).toList();
    }
}
