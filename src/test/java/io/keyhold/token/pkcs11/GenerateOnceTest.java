package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.Canary;
import io.keyhold.key.KmsFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R9: whatever happens to the answer, there is one object for a backing key and never two. */
class GenerateOnceTest {

    /** Of a token that hangs; every other one is waited for. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    private @TempDir Path folder;
    private SoftHsm hsm;
    private Shim shim;
    private OpenToken token;

    @BeforeEach
    void open() {
        hsm = SoftHsm.in(folder);
        shim = Shim.fresh();
        token = OpenToken.open(hsm.behind(shim, 4, SoftHsm.TIMEOUT));
    }

    private void becomeImpatient() {
        token.close();
        token = OpenToken.open(hsm.behind(shim, 4, SHORT));
    }

    @AfterEach
    void close() {
        token.close();
    }

    @Test
    void theAnswerIsLost() {
        TestKey draft = TestKey.draft(token.store());
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);

        Canary canary = token.store().generate(draft.material());

        assertOneObject(draft);
        draft.with(canary).roundTrip(token.store(), new byte[5]);
    }

    @Test
    void theTokenNeverGotTheCall() {
        TestKey draft = TestKey.draft(token.store());
        shim.failBefore("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(() -> token.store().generate(draft.material()));

        assertOneObjectAfterRetry(draft);
    }

    @Test
    void theAnswerAndTheSearchAreLost() {
        TestKey draft = TestKey.draft(token.store());
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);
        shim.failBefore("C_FindObjectsInit", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(() -> token.store().generate(draft.material()));

        assertOneObjectAfterRetry(draft);
    }

    @Test
    void theObjectIsThereButItsCanaryCouldNotBeTaken() {
        TestKey draft = TestKey.draft(token.store());
        shim.failBefore("C_EncryptInit", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(() -> token.store().generate(draft.material()));

        assertOneObjectAfterRetry(draft);
    }

    @Test
    void theDeviceIsGoneForAWhileAfterwards() {
        becomeImpatient();
        TestKey draft = TestKey.draft(token.store());
        Shim.Hang hang = shim.hangOnce("C_FindObjectsInit");
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(() -> token.store().generate(draft.material()));
        shim.remove();
        hang.release();
        await().until(() -> !token.store().available());
        shim.putBack();

        assertOneObjectAfterRetry(draft);
    }

    /** The caller went away at its timeout; the token goes on, and makes the object later. */
    @Test
    void aRetryMeetsTheFirstTry() {
        becomeImpatient();
        TestKey draft = TestKey.draft(token.store());
        Shim.Hang hang = shim.hangOnce("C_GenerateKey");

        assertUnavailable(() -> token.store().generate(draft.material()));
        hang.awaitEntered();
        try {
            token.store().generate(draft.material());
        } catch (KmsFault refused) {
            // To say that the token is busy with it is as good an answer as to wait for it.
        }
        hang.release();
        await().until(() -> shim.inside("C_GenerateKey") == 0);

        assertOneObjectAfterRetry(draft);
    }

    /** "It was never made" would have its row removed, and the object would be an orphan. */
    @Test
    void aSearchMeetsTheFirstTry() {
        becomeImpatient();
        TestKey draft = TestKey.draft(token.store());
        Shim.Hang hang = shim.hangOnce("C_GenerateKey");

        assertUnavailable(() -> token.store().generate(draft.material()));
        hang.awaitEntered();
        try {
            assertUnavailable(() -> token.store().find(draft.material()));
        } finally {
            hang.release();
        }

        await().atMost(BACK_WITHIN)
                .ignoreExceptionsInstanceOf(KmsFault.class)
                .until(() -> token.store().find(draft.material()).isPresent());
        assertOneObject(draft);
    }

    private void assertOneObjectAfterRetry(TestKey draft) {
        await().atMost(BACK_WITHIN)
                .ignoreExceptionsInstanceOf(KmsFault.class)
                .until(() -> token.store().generate(draft.material()) != null);
        assertOneObject(draft);
        Optional<Canary> canary = token.store().find(draft.material());
        draft.with(canary.orElseThrow()).roundTrip(token.store(), new byte[5]);
    }

    private void assertOneObject(TestKey draft) {
        try (TokenProbe probe = token.probe()) {
            assertThat(probe.objects(draft.backing().ckaId())).hasSize(1);
        }
    }
}
