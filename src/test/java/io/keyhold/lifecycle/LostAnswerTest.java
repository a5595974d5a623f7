package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.token.pkcs11.Shim;
import io.keyhold.token.pkcs11.SoftHsm;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that fails in the middle of a procedure: in the end, every object has its row. */
class LostAnswerTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private @TempDir Path folder;
    private SoftHsm hsm;
    private Shim shim;
    private House house;

    @BeforeEach
    void open() {
        hsm = SoftHsm.in(folder);
        shim = Shim.fresh();
        house = open(TIMEOUT);
    }

    private House open(Duration timeout) {
        return new House(hsm.behind(shim, 4, timeout), folder.resolve("keyhold.db"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aCreationWhoseAnswerIsLostSucceeds() {
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);

        KeyRecord key = house.create();

        house.encrypt(key, new byte[1]);
        house.assertInStep();
    }

    @Test
    void aCreationThatFailedIsFinishedByTheRecovery() {
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);
        shim.failBefore("C_FindObjectsInit", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(house::create);

        house.awaitRecovery();
        assertThat(house.keys()).isEqualTo(1);
        house.assertInStep();
    }

    @Test
    void aRotationThatFailedIsFinishedByTheRecovery() {
        KeyRecord key = house.create();
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);
        shim.failBefore("C_FindObjectsInit", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(() -> house.rotate(key));

        house.awaitRecovery();
        KeyRecord rotated = house.now(key);
        assertThat(rotated.backingKeys()).hasSize(2);
        house.encrypt(rotated, new byte[1]);
        house.assertInStep();
    }

    @Test
    void aRotationThatNeverReachedTheTokenIsForgottenByTheRecovery() {
        KeyRecord key = house.create();
        shim.failBefore("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);

        assertUnavailable(() -> house.rotate(key));

        house.awaitRecovery();
        assertThat(house.now(key)).isEqualTo(key);
        assertThat(house.rotate(key).current().generation()).isEqualTo(2);
        house.assertInStep();
    }

    /** R2: the object that is made after its caller went away must not become an orphan. */
    @Test
    void aRotationThatIsTriedAgainWhileTheFirstOneHangsLeavesNoOrphan() {
        KeyRecord key = house.create();
        house.close();
        house = open(Duration.ofSeconds(1));
        Shim.Hang hang = shim.hangOnce("C_GenerateKey");
        assertUnavailable(() -> house.rotate(key));
        hang.awaitEntered();
        try {
            assertUnavailable(() -> house.rotate(key));
        } finally {
            hang.release();
        }

        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptionsInstanceOf(KmsFault.class)
                .until(() -> house.rotate(key).backingKeys().size() == 2);
        house.assertInStep();
    }

    @Test
    void nothingIsBegunWithoutAToken() {
        KeyRecord key = house.create();
        shim.remove();
        assertUnavailable(() -> house.encrypt(key, new byte[1]));
        assertUnavailable(house::create);
        assertUnavailable(() -> house.rotate(key));
        assertThat(house.store().unfinished()).isEmpty();
        shim.putBack();

        house.awaitRecovery();
        house.create();
        house.rotate(key);
        house.assertInStep();
    }

    private static void assertUnavailable(ThrowingCallable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call);
        assertThat(fault).isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.KeyUnavailableException);
    }
}
