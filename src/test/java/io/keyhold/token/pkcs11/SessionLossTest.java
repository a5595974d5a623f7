package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.Canary;
import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Seeded;
import io.keyhold.token.Sealed;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that is lost is opened again, once, and nobody hears of it. */
class SessionLossTest {

    private static final int LANES = 3;
    private static final byte[] AAD = {4};

    private @TempDir Path folder;
    private Shim shim;
    private OpenToken token;
    private TestKey key;

    @BeforeEach
    void open() {
        shim = Shim.fresh();
        token = OpenToken.open(SoftHsm.in(folder).behind(shim, LANES, SoftHsm.TIMEOUT));
        key = TestKey.make(token.store());
    }

    @AfterEach
    void close() {
        token.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C_EncryptInit", "C_Encrypt"})
    void anEncryptionIsTriedAgain(String function) {
        shim.failBefore(function, Shim.CKR_SESSION_HANDLE_INVALID, 1);

        Sealed sealed = key.encrypt(token.store(), AAD, new byte[] {7});

        assertThat(key.decrypt(token.store(), AAD, sealed)).isEqualTo(new byte[] {7});
        assertThat(token.epochs()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C_DecryptInit", "C_Decrypt"})
    void aDecryptionIsTriedAgain(String function) {
        Sealed sealed = key.encrypt(token.store(), AAD, new byte[] {7});
        shim.failBefore(function, Shim.CKR_SESSION_HANDLE_INVALID, 1);

        assertThat(key.decrypt(token.store(), AAD, sealed)).isEqualTo(new byte[] {7});
        assertThat(token.epochs()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C_GenerateKey", "C_GetAttributeValue", "C_EncryptInit"})
    void aGenerationIsTriedAgain(String function) {
        TestKey draft = TestKey.draft(token.store());
        shim.failBefore(function, Shim.CKR_SESSION_HANDLE_INVALID, 1);

        Canary canary = token.store().generate(draft.material());

        draft.with(canary).roundTrip(token.store(), new byte[3]);
        try (TokenProbe probe = token.probe()) {
            assertThat(probe.objects(draft.backing().ckaId())).hasSize(1);
        }
        assertThat(token.epochs()).isEqualTo(1);
    }

    @Test
    void randomBytesAreTriedAgain() {
        shim.failBefore("C_GenerateRandom", Shim.CKR_SESSION_HANDLE_INVALID, 1);

        assertThat(token.store().random(16)).hasSize(16).isNotEqualTo(new byte[16]);
        assertThat(token.epochs()).isEqualTo(1);
    }

    @Test
    void aSearchIsTriedAgain() {
        shim.failBefore("C_FindObjectsInit", Shim.CKR_SESSION_HANDLE_INVALID, 1);

        assertThat(token.store().find(key.material())).isPresent();
        assertThat(token.epochs()).isEqualTo(1);
    }

    /** Twice in one call is no accident: the library itself must be begun again. */
    @Test
    void aSecondLossBeginsANewEpoch() {
        shim.failBefore("C_EncryptInit", Shim.CKR_SESSION_HANDLE_INVALID, 2);

        assertUnavailable(() -> key.encrypt(token.store(), AAD, new byte[1]));

        await().until(() -> token.epochs() == 2 && token.store().available());
        key.roundTrip(token.store(), new byte[9]);
    }

    @Test
    void sessionsAreNotLostInTurn() {
        KeyLoad load = new KeyLoad(token.store(), 2, Seeded.random("SessionLossTest"));
        try (Callers callers = Callers.start(8, load)) {
            for (int i = 0; i < 50; i++) {
                shim.failBefore("C_Decrypt", Shim.CKR_SESSION_HANDLE_INVALID, 1);
                shim.awaitFailed("C_Decrypt");
                callers.awaitRound(); // else one slow call might meet two of them
            }
            assertThat(callers.refused()).isZero();
        }
        long open = shim.calls("C_OpenSession") - shim.calls("C_CloseSession");
        assertThat(open).as("one of the login, one a lane").isEqualTo(1 + LANES);
        assertThat(token.epochs()).isEqualTo(1);
        load.checkEverything(token.store());
    }
}
