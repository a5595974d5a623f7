package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Quiet;
import io.keyhold.testkit.Seeded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R4: the token's files go away and come back, and the daemon goes on without a restart. */
class TokenLossTest {

    private static final Duration BACK_WITHIN = Duration.ofSeconds(5);

    private @TempDir Path folder;
    private SoftHsm hsm;
    private OpenToken token;
    private Quiet quiet;

    @BeforeEach
    void open() {
        hsm = SoftHsm.in(folder.resolve("hsm"));
        token = OpenToken.open(hsm.settings());
        quiet = Quiet.about(getClass().getPackage());
    }

    @AfterEach
    void close() {
        quiet.close();
        token.close();
    }

    @Test
    void underLoad() throws IOException {
        KeyLoad load = new KeyLoad(token.store(), 4, Seeded.random("TokenLossTest"));
        try (Callers callers = Callers.start(4, load)) {
            for (int i = 0; i < 2; i++) {
                callers.awaitAnswers(200);
                hide();
                callers.awaitRefusals(50);
                putBack();
                long began = System.nanoTime();
                awaitWorks(load.keys().toArray(TestKey[]::new));
                System.out.printf("R4: back after %d ms%n", millisSince(began));
            }
            callers.awaitAnswers(200);
        }
        load.checkEverything(token.store());
        assertThat(token.abandoned()).isZero();
    }

    /** The canary of a first use meets the loss, not a caller's own data. */
    @Test
    void metByKeysThatWereNotUsedYet() throws IOException {
        TestKey first = TestKey.make(token.store());
        TestKey second = TestKey.make(token.store());
        reopen();

        hide();
        assertUnavailable(() -> first.roundTrip(token.store(), new byte[8]));
        assertUnavailable(() -> first.roundTrip(token.store(), new byte[8]));
        putBack();

        awaitWorks(first, second);
    }

    /** A key that was in use before must come back too when another one meets the loss. */
    @Test
    void metByAKeyThatWasNotUsedYetBesideOneThatWas() throws IOException {
        TestKey used = TestKey.make(token.store());
        used.roundTrip(token.store(), new byte[8]);
        TestKey unused = TestKey.make(token.store());

        hide();
        assertUnavailable(() -> unused.roundTrip(token.store(), new byte[8]));
        assertUnavailable(() -> used.roundTrip(token.store(), new byte[8]));
        putBack();

        awaitWorks(used, unused);
    }

    /** An object that cannot be seen is not one that was never made: its row would be lost. */
    @Test
    void metByASearchForUnfinishedMaterial() throws IOException {
        TestKey made = TestKey.make(token.store());

        hide();
        assertUnavailable(() -> token.store().find(made.material()));
        putBack();

        await().atMost(BACK_WITHIN)
                .ignoreExceptionsInstanceOf(KmsFault.class)
                .until(() -> token.store().find(made.material()).isPresent());
    }

    /** The list of objects is a call into the token like any other. */
    @Test
    void metByTheListOfObjects() throws IOException {
        TestKey made = TestKey.make(token.store());
        token.cryptoki()
                .watch(
                        function -> {
                            if (function.equals("C_FindObjects")) {
                                token.cryptoki().watch(f -> {});
                                throw new CkrException(function, Shim.CKR_DEVICE_ERROR);
                            }
                        });

        assertUnavailable(() -> token.store().objects());

        awaitWorks(made);
        assertThat(token.epochs()).isEqualTo(2);
    }

    /** Another process may destroy an object: that is no reason to flap. */
    @Test
    void anObjectThatWasDestroyedIsUnavailableAndTheOthersAreNot() {
        TestKey kept = TestKey.make(token.store());
        TestKey destroyed = TestKey.make(token.store());
        destroyed.roundTrip(token.store(), new byte[8]);
        try (TokenProbe probe = token.probe()) {
            probe.destroy(destroyed.backing().ckaId());
        }

        for (int i = 0; i < 20; i++) {
            assertUnavailable(() -> destroyed.roundTrip(token.store(), new byte[8]));
            awaitWorks(kept);
        }

        assertThat(token.epochs()).as("at most one more, to look again").isLessThanOrEqualTo(2);
    }

    private void awaitWorks(TestKey... keys) {
        for (TestKey key : keys) {
            await().atMost(BACK_WITHIN)
                    .pollInterval(Duration.ofMillis(10))
                    .ignoreExceptionsInstanceOf(KmsFault.class)
                    .untilAsserted(() -> key.roundTrip(token.store(), new byte[] {1, 2}));
        }
    }

    private void reopen() {
        token.close();
        token = OpenToken.open(hsm.settings());
    }

    private void hide() throws IOException {
        Files.move(hsm.tokens(), folder.resolve("hidden"));
    }

    private void putBack() throws IOException {
        Files.move(folder.resolve("hidden"), hsm.tokens());
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
