package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keyhold.testkit.Logged;
import io.keyhold.testkit.Quiet;
import io.keyhold.token.Sealed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library is initialised once, and finalised when its key store is closed, at any moment. */
class OpenAndCloseTest {

    private @TempDir Path folder;
    private SoftHsm hsm;

    @BeforeEach
    void makeToken() {
        hsm = SoftHsm.in(folder.resolve("hsm"));
    }

    @Test
    void theTokenIsChosenByItsLabelAmongMany() {
        hsm.addToken("another");
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            TestKey.make(token.store()).roundTrip(token.store(), new byte[1]);
            assertThat(token.store().objects()).hasSize(1);
        }
        assertThat(hsm.toolAsUser("-O")).contains("keyhold/");
    }

    @Test
    void twoTokensWithOneLabelNeedASerial() {
        String serial;
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            serial = token.store().tokenForNewMaterial();
        }
        hsm.addToken(SoftHsm.LABEL);

        assertThatThrownBy(() -> Pkcs11KeyStore.open(hsm.settings(), () -> {}))
                .isInstanceOf(TokenException.class)
                .hasMessageContaining("2 times")
                .hasMessageContaining(serial);

        TokenSettings one = withSerial(serial);
        try (OpenToken token = OpenToken.open(one)) {
            assertThat(token.store().tokenForNewMaterial()).isEqualTo(serial);
        }
    }

    @Test
    void aTokenThatIsNotThereIsWaitedFor() {
        String later = "a token that comes later";
        try (Logged log = Logged.by(Epochs.class.getName());
                OpenToken token = OpenToken.open(with(later, Optional.empty()))) {
            assertThat(log.messages()).first().asString().contains(later).contains("not there");
            assertThat(token.store().available()).isFalse();
            assertUnavailable(() -> TestKey.make(token.store()));
            AtomicInteger told = new AtomicInteger();
            token.store().whenAvailable(told::incrementAndGet);
            assertThat(told).hasValue(0);

            hsm.addToken(later);

            await().atMost(Duration.ofSeconds(5)).until(() -> told.get() == 1);
            TestKey.make(token.store()).roundTrip(token.store(), new byte[1]);
        }
    }

    /** R4: a start without the token's files. */
    @Test
    void aTokenWhoseFilesAreMissingIsWaitedFor() throws IOException {
        TestKey key;
        Sealed sealed;
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            key = TestKey.make(token.store());
            sealed = key.encrypt(token.store(), new byte[1], new byte[] {3});
        }
        Path hidden = folder.resolve("hidden");
        Files.move(hsm.tokens(), hidden);
        try (OpenToken token = OpenToken.open(hsm.settings())) {
            assertUnavailable(() -> key.decrypt(token.store(), new byte[1], sealed));

            Files.move(hidden, hsm.tokens());

            await().atMost(Duration.ofSeconds(5)).until(() -> token.store().available());
            assertThat(key.decrypt(token.store(), new byte[1], sealed)).isEqualTo(new byte[] {3});
        }
    }

    @Test
    void aListenerHearsOfEachEpoch() {
        try (OpenToken token = OpenToken.open(hsm.settings());
                Quiet quiet = Quiet.about(getClass().getPackage())) {
            TestKey key = TestKey.make(token.store());
            AtomicInteger told = new AtomicInteger();
            token.store().whenAvailable(told::incrementAndGet);
            assertThat(told).hasValue(1);
            failEncryptions(token);
            for (int i = 2; i < 5; i++) {
                int epoch = i;
                assertUnavailable(() -> key.encrypt(token.store(), new byte[1], new byte[1]));
                await().until(() -> told.get() == epoch);
            }
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        OpenToken token = OpenToken.open(hsm.settings());
        token.closeStore();
        token.closeStore();
        assertFinalised(token);
    }

    @Test
    void closedWhileItRecovers() throws InterruptedException {
        OpenToken token = OpenToken.open(hsm.settings());
        TestKey key = TestKey.make(token.store());
        CountDownLatch recovering = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        token.cryptoki()
                .watch(
                        function -> {
                            switch (function) {
                                case "C_Encrypt" ->
                                        throw new CkrException(function, Shim.CKR_DEVICE_ERROR);
                                case "C_Initialize" -> {
                                    recovering.countDown();
                                    awaitQuietly(goOn);
                                }
                                default -> {}
                            }
                        });
        try (Quiet quiet = Quiet.about(getClass().getPackage())) {
            assertUnavailable(() -> key.encrypt(token.store(), new byte[1], new byte[1]));
            recovering.await();
            Thread closing = Thread.ofPlatform().start(token::closeStore);
            await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            closing.join();
        }

        assertFinalised(token);
    }

    @Test
    void closedInTheMomentOfALoss() {
        try (Quiet quiet = Quiet.about(getClass().getPackage())) {
            for (int i = 0; i < 30; i++) {
                OpenToken token = OpenToken.open(hsm.settings());
                TestKey key = TestKey.make(token.store());
                failEncryptions(token);
                assertUnavailable(() -> key.encrypt(token.store(), new byte[1], new byte[1]));
                token.closeStore();
                assertFinalised(token);
            }
        }
    }

    private static void failEncryptions(OpenToken token) {
        token.cryptoki()
                .watch(
                        function -> {
                            if (function.equals("C_Encrypt")) {
                                throw new CkrException(function, Shim.CKR_DEVICE_ERROR);
                            }
                        });
    }

    /** Else no other key store could be opened in this process. */
    private static void assertFinalised(OpenToken token) {
        boolean left = token.cryptoki().initialized();
        boolean available = token.store().available();
        token.close();
        assertThat(left).as("C_Initialize without C_Finalize").isFalse();
        assertThat(available).isFalse();
        assertThat(token.cryptoki().calls("C_Finalize")).isEqualTo(token.epochs());
    }

    private TokenSettings withSerial(String serial) {
        return with(SoftHsm.LABEL, Optional.of(serial));
    }

    private TokenSettings with(String label, Optional<String> serial) {
        TokenSettings any = hsm.settings();
        return new TokenSettings(
                any.libraryConfiguration(),
                label,
                serial,
                any.pinFile(),
                any.refusedPinMarker(),
                any.inProcess(),
                any.lanes(),
                any.timeout(),
                any.plaintextImports(),
                any.environment());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
