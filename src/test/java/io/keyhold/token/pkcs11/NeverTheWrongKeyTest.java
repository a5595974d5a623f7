package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Quiet;
import io.keyhold.testkit.Seeded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6: a handle names other keys after a re-init, and no key is ever used in another's place. */
class NeverTheWrongKeyTest {

    private static final int KEYS = 6;
    private static final int CALLERS = 8;
    private static final int EPOCHS = 20;
    private static final int CALLS_AN_EPOCH = 1_250;

    private final Random random = Seeded.random("NeverTheWrongKeyTest");
    private @TempDir Path folder;
    private SoftHsm hsm;

    @BeforeEach
    void makeToken() {
        hsm = SoftHsm.in(folder);
    }

    /** SoftHSM itself gives out handles by the order in which it finds the objects. */
    @Test
    void acrossManyEpochsOfATokenInThisProcess() {
        AtomicBoolean broken = new AtomicBoolean();
        KeyLoad load;
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            token.cryptoki()
                    .watch(
                            function -> {
                                if (function.equals("C_Encrypt")
                                        && broken.compareAndSet(true, false)) {
                                    throw new CkrException(function, Shim.CKR_DEVICE_ERROR);
                                }
                            });
            load = new KeyLoad(token.store(), KEYS, random);
            disturb(token, load, () -> broken.set(true));
        }
        checkEverything(load);
    }

    /** Here each key's handle is its neighbour's in the next epoch. */
    @Test
    void acrossManyEpochsOfATokenThatShufflesHandles() {
        Shim shim = Shim.fresh();
        shim.shuffleHandles();
        KeyLoad load;
        try (OpenToken token = OpenToken.open(hsm.behind(shim, 4, SoftHsm.TIMEOUT))) {
            load = new KeyLoad(token.store(), KEYS, random);
            disturb(token, load, () -> shim.failBefore("C_EncryptInit", Shim.CKR_DEVICE_ERROR, 1));
        }
        checkEverything(load);
    }

    /** A token that answers a search with another object is found out by the canary. */
    @Test
    void aTokenThatMixesKeysUpIsFoundOut() {
        Shim shim = Shim.fresh();
        TokenSettings settings = hsm.behind(shim, 4, SoftHsm.TIMEOUT);
        KeyLoad load;
        try (OpenToken token = OpenToken.open(settings)) {
            load = new KeyLoad(token.store(), KEYS, random);
            for (int i = 0; i < 100; i++) {
                load.run(0);
            }
        }
        shim.useWrongKeys(true);
        try (OpenToken token = OpenToken.open(settings);
                Quiet quiet = Quiet.about(getClass().getPackage())) {
            for (TestKey key : load.keys()) {
                assertUnavailable(() -> key.encrypt(token.store(), new byte[1], new byte[1]));
            }
        }
        shim.useWrongKeys(false);
        checkEverything(load);
    }

    private void disturb(OpenToken token, KeyLoad load, Runnable breakToken) {
        try (Quiet quiet = Quiet.about(getClass().getPackage());
                Callers callers = Callers.start(CALLERS, load)) {
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                callers.awaitAnswers(CALLS_AN_EPOCH);
                long before = token.epochs();
                breakToken.run();
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> token.epochs() > before && token.store().available());
            }
            callers.awaitAnswers(CALLS_AN_EPOCH);
            System.out.printf(
                    "R6: %d calls, %d of them refused, in %d epochs%n",
                    callers.answered() + callers.refused(), callers.refused(), token.epochs());
        }
        assertThat(token.epochs()).isGreaterThan(EPOCHS);
        assertThat(token.abandoned()).isZero();
    }

    private void checkEverything(KeyLoad load) {
        assertThat(load.written()).isPositive();
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            load.checkEverything(token.store());
        }
    }
}
