package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Quiet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R8: a PIN that the token refused is never offered to it again, not even after a restart. */
class RefusedPinTest {

    private @TempDir Path folder;
    private SoftHsm hsm;
    private Shim shim;
    private TokenSettings settings;

    @BeforeEach
    void makeToken() {
        hsm = SoftHsm.in(folder);
        shim = Shim.fresh();
        settings = hsm.behind(shim, 4, SoftHsm.TIMEOUT);
    }

    @Test
    void isOfferedOnceAcrossRestarts() throws IOException {
        hsm.writePin("9999-wrong");
        for (int restart = 0; restart < 5; restart++) {
            assertRefused(settings);
        }
        assertThat(shim.calls("C_Login")).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hsm.marker())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(hsm.marker())).doesNotContain("9999");
    }

    @Test
    void anotherPinIsOffered() {
        hsm.writePin("9999-wrong");
        assertRefused(settings);
        hsm.writePin("8888-wrong-too");
        assertRefused(settings);
        assertRefused(settings);
        assertThat(shim.calls("C_Login")).isEqualTo(2);

        hsm.writePin(SoftHsm.PIN);
        assertOpens();
        assertThat(shim.calls("C_Login")).isEqualTo(3);
    }

    /** The operator removes the marker when the token's PIN was changed to the one in the file. */
    @Test
    void isOfferedAgainWithoutItsMarker() throws IOException {
        hsm.writePin("1234-later");
        assertRefused(settings);
        hsm.changePin(SoftHsm.PIN, "1234-later");
        assertRefused(settings);
        Files.delete(hsm.marker());

        assertOpens();
        assertThat(shim.calls("C_Login")).isEqualTo(2);
    }

    /** A PIN that was changed while the daemon runs is met at the next epoch. */
    @Test
    void isOfferedOnceByARecovery() {
        try (OpenToken token = OpenToken.open(settings);
                Quiet quiet = Quiet.about(getClass().getPackage())) {
            TestKey key = TestKey.make(token.store());
            hsm.changePin(SoftHsm.PIN, "1234-later");
            shim.failBefore("C_EncryptInit", Shim.CKR_DEVICE_ERROR, 1);
            assertThatThrownBy(() -> key.roundTrip(token.store(), new byte[1]))
                    .isInstanceOf(KmsFault.class);

            await().until(() -> token.epochs() >= 4);
            assertThat(shim.calls("C_Login")).isEqualTo(2);

            hsm.writePin("1234-later");
            await().atMost(Duration.ofSeconds(5)).until(() -> token.store().available());
            key.roundTrip(token.store(), new byte[1]);
            assertThat(shim.calls("C_Login")).isEqualTo(3);
        }
    }

    /** If the refusal cannot be written down, it must still not be tried again and again. */
    @Test
    void isOfferedOnceIfTheMarkerCannotBeWritten() {
        hsm.writePin("9999-wrong");

        assertRefused(hsm.behind(shim, folder.resolve("nowhere").resolve("pin-refused")));

        assertThat(shim.calls("C_Login")).isEqualTo(1);
    }

    /** Likewise by a recovery, which tries for ever. */
    @Test
    void isOfferedOnceByARecoveryIfTheMarkerCannotBeWritten() {
        TokenSettings unwritable =
                hsm.behind(shim, folder.resolve("nowhere").resolve("pin-refused"));
        try (OpenToken token = OpenToken.open(unwritable);
                Quiet quiet = Quiet.about(getClass().getPackage())) {
            TestKey key = TestKey.make(token.store());
            hsm.changePin(SoftHsm.PIN, "1234-later");
            shim.failBefore("C_EncryptInit", Shim.CKR_DEVICE_ERROR, 1);
            assertThatThrownBy(() -> key.roundTrip(token.store(), new byte[1]))
                    .isInstanceOf(KmsFault.class);

            await().until(() -> token.epochs() >= 4);
            assertThat(shim.calls("C_Login")).isEqualTo(2);
        }
    }

    @Test
    void aDamagedMarkerOffersNothing() throws IOException {
        for (String damaged :
                new String[] {"", "x", "a\nb\nc\n", "serial\nzz\n00\n", "serial\n00\n"}) {
            Files.writeString(hsm.marker(), damaged);
            assertThatThrownBy(() -> Pkcs11KeyStore.open(settings, () -> {}))
                    .as("marker '%s'", damaged)
                    .isInstanceOf(TokenException.class)
                    .hasMessageContaining("pin-refused");
        }
        assertThat(shim.calls("C_Login")).isZero();
    }

    @Test
    void aPinFileThatOthersMayReadOffersNothing() throws IOException {
        Files.setPosixFilePermissions(hsm.pinFile(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> Pkcs11KeyStore.open(settings, () -> {}))
                .isInstanceOf(TokenException.class)
                .hasMessageContaining("chmod 600");
        assertThat(shim.calls("C_Login")).isZero();
    }

    @Test
    void anEmptyOrMissingPinFileOffersNothing() throws IOException {
        hsm.writePin("");
        assertThatThrownBy(() -> Pkcs11KeyStore.open(settings, () -> {}))
                .isInstanceOf(TokenException.class)
                .hasMessageContaining("empty");
        Files.delete(hsm.pinFile());
        assertThatThrownBy(() -> Pkcs11KeyStore.open(settings, () -> {}))
                .isInstanceOf(TokenException.class)
                .hasMessageContaining("cannot be read");
        assertThat(shim.calls("C_Login")).isZero();
    }

    private void assertRefused(TokenSettings token) {
        assertThatThrownBy(() -> Pkcs11KeyStore.open(token, () -> {}))
                .isInstanceOf(TokenException.class)
                .hasMessageContaining("PIN");
        assertThat(shim.calls("C_Finalize")).isEqualTo(shim.calls("C_Initialize"));
    }

    private void assertOpens() {
        try (Pkcs11KeyStore store = Pkcs11KeyStore.open(settings, () -> {})) {
            TestKey.make(store).roundTrip(store, new byte[1]);
        }
    }
}
