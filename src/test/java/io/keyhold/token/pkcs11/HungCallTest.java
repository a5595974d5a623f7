package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static io.keyhold.token.pkcs11.Faults.faultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Quiet;
import io.keyhold.testkit.Seeded;
import io.keyhold.token.Sealed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R7: a call that does not come back hurts its own caller only. */
class HungCallTest {

    private static final int LANES = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final byte[] AAD = {9};

    private @TempDir Path folder;
    private SoftHsm hsm;
    private Shim shim;

    @BeforeEach
    void makeToken() {
        hsm = SoftHsm.in(folder);
        shim = Shim.fresh();
    }

    @Test
    void othersGoOnWhileOneCallHangs() {
        try (OpenToken token = OpenToken.open(hsm.behind(shim, LANES, TIMEOUT))) {
            TestKey key = TestKey.make(token.store());
            Sealed sealed = key.encrypt(token.store(), AAD, new byte[] {5});
            KeyLoad load = new KeyLoad(token.store(), 2, Seeded.random("HungCallTest"));
            load.run(0);

            Shim.Hang hang = shim.hangOnce("C_Decrypt");
            CompletableFuture<KmsFault> hung =
                    CompletableFuture.supplyAsync(
                            () -> faultOf(() -> key.decrypt(token.store(), AAD, sealed)));
            hang.awaitEntered();
            try (Callers others = Callers.start(4, load)) {
                KmsFault fault = hung.join();
                assertThat(fault.name()).isEqualTo(FaultName.KeyUnavailableException);
                assertThat(fault.text()).contains("did not answer");
                others.awaitAnswers(1_000);
                hang.release();
                others.awaitAnswers(1_000);
                assertThat(others.refused()).isZero();
            }

            assertThat(key.decrypt(token.store(), AAD, sealed)).isEqualTo(new byte[] {5});
            assertThat(token.epochs()).isEqualTo(1);
            assertThat(token.abandoned()).isZero();
        }
    }

    /** Every lane hangs: callers are refused in time, and all lanes work again afterwards. */
    @Test
    void aTokenThatHangsAltogetherIsUsableOnceItAnswers() {
        try (OpenToken token = OpenToken.open(hsm.behind(shim, LANES, TIMEOUT))) {
            TestKey key = TestKey.make(token.store());
            Sealed sealed = key.encrypt(token.store(), AAD, new byte[] {5});
            key.decrypt(token.store(), AAD, sealed);

            Shim.Hang hang = shim.hang("C_Decrypt", LANES);
            try (Callers callers =
                    Callers.start(2 * LANES, c -> key.decrypt(token.store(), AAD, sealed))) {
                hang.awaitEntered();
                callers.awaitRefusals(2 * LANES);
                assertThat(callers.answered()).isZero();
                hang.release();
                callers.awaitAnswers(100);
            }
            assertThat(token.epochs()).isEqualTo(1);
        }
    }

    /** Work for a caller who has gone away would only delay the others. */
    @Test
    void aCallThatWaitedTooLongIsNotMadeAnyMore() {
        try (OpenToken token = OpenToken.open(hsm.behind(shim, 1, TIMEOUT))) {
            TestKey key = TestKey.make(token.store());
            Sealed sealed = key.encrypt(token.store(), AAD, new byte[] {5});
            Shim.Hang hang = shim.hangOnce("C_Decrypt");
            assertUnavailable(() -> key.decrypt(token.store(), AAD, sealed));
            hang.awaitEntered();
            long before = shim.calls("C_Encrypt");
            assertUnavailable(() -> key.encrypt(token.store(), AAD, new byte[1]));

            hang.release();

            key.decrypt(token.store(), AAD, sealed);
            assertThat(shim.calls("C_Encrypt")).isEqualTo(before);
        }
    }

    /** Finalising a library under a thread would crash; so the process is ended instead. */
    @Test
    void theLibraryIsNotFinalisedUnderAThreadThatHangs() {
        OpenToken token = OpenToken.open(hsm.behind(shim, LANES, TIMEOUT));
        TestKey key = TestKey.make(token.store());
        Sealed sealed = key.encrypt(token.store(), AAD, new byte[] {5});

        try (Quiet quiet = Quiet.about(getClass().getPackage())) {
            Shim.Hang hang = shim.hangOnce("C_Decrypt");
            CompletableFuture<KmsFault> hung =
                    CompletableFuture.supplyAsync(
                            () -> faultOf(() -> key.decrypt(token.store(), AAD, sealed)));
            hang.awaitEntered();
            shim.failBefore("C_EncryptInit", Shim.CKR_DEVICE_ERROR, 1);
            assertUnavailable(() -> key.encrypt(token.store(), AAD, new byte[1]));
            await().atMost(Duration.ofSeconds(20)).until(() -> token.abandoned() == 1);

            assertThat(shim.calls("C_Finalize")).isZero();
            assertThat(hung.join().name()).isEqualTo(FaultName.KeyUnavailableException);
            hang.release();
            await().until(() -> shim.inside("C_Decrypt") == 0);
        } finally {
            token.cryptoki().terminate(); // as the end of the process does; its threads stay
        }
    }
}
