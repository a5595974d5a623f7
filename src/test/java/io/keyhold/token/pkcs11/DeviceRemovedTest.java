package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Quiet;
import io.keyhold.testkit.Seeded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5: an HSM goes away under load and comes back; the daemon needs no restart. */
class DeviceRemovedTest {

    private static final Duration FAIL_WITHIN = Duration.ofSeconds(1);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(5);
    private static final int REMOVALS = 5;

    /** Far over {@link #FAIL_WITHIN}: nobody may wait for it when the device is gone. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Random random = Seeded.random("DeviceRemovedTest");
    private @TempDir Path folder;
    private SoftHsm hsm;
    private Shim shim;

    @BeforeEach
    void makeToken() {
        hsm = SoftHsm.in(folder);
        shim = Shim.fresh();
    }

    @Test
    void acrossTheNetwork() {
        removeAndPutBack(hsm.behind(shim, false, 4, TIMEOUT));
    }

    /** Callers that wait for a lane when the device goes away must hear of it too. */
    @Test
    void onTheCallersOwnThreads() {
        removeAndPutBack(hsm.behind(shim, true, 2, TIMEOUT));
    }

    private void removeAndPutBack(TokenSettings settings) {
        KeyLoad load;
        try (OpenToken token = OpenToken.open(settings)) {
            load = new KeyLoad(token.store(), 4, random);
            try (Quiet quiet = Quiet.about(getClass().getPackage());
                    Callers callers = Callers.start(16, load)) {
                for (int i = 0; i < REMOVALS; i++) {
                    callers.awaitAnswers(200);
                    shim.remove();
                    callers.awaitRefusals(100);
                    await().until(() -> !token.store().available());
                    shim.putBack();
                    long answered = callers.answered();
                    long began = System.nanoTime();
                    await().atMost(BACK_WITHIN)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> callers.answered() > answered);
                    System.out.printf(
                            "R5: back after %d ms%n", (System.nanoTime() - began) / 1_000_000);
                }
                callers.awaitAnswers(200);
                System.out.printf("R5: slowest call %d ms%n", callers.slowest().toMillis());
                assertThat(callers.slowest()).isLessThan(FAIL_WITHIN);
            }
            assertThat(token.abandoned()).isZero();
            load.checkEverything(token.store());
        }
    }
}
