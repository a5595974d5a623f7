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

    private @TempDir Path folder;
    private Shim shim;
    private House house;

    @BeforeEach
    void open() {
        shim = Shim.fresh();
        house =
                new House(
                        SoftHsm.in(folder).behind(shim, 4, Duration.ofSeconds(1)),
                        folder.resolve("keyhold.db"));
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
    void aCreationThatFailedIsFinishedAtTheNextStart() {
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);
        shim.failBefore("C_FindObjectsInit", Shim.CKR_DEVICE_ERROR, 1);
        assertUnavailable(house::create);
        assertThat(house.keys()).isZero();

        house.restart();

        assertThat(house.keys()).isEqualTo(1);
        house.assertInStep();
    }

    /** The retry takes the first one's material over, unless the recovery was faster. */
    @Test
    void aRotationThatIsTriedAgainLeavesNoOrphan() {
        KeyRecord key = house.create();
        shim.failAfter("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);
        shim.failBefore("C_FindObjectsInit", Shim.CKR_DEVICE_ERROR, 1);
        assertUnavailable(() -> house.rotate(key));
        assertThat(house.now(key)).isEqualTo(key);
        await().until(() -> house.keyStore().available());

        KeyRecord rotated = house.rotate(key);

        assertThat(rotated.backingKeys()).hasSizeBetween(2, 3);
        house.encrypt(rotated, new byte[1]);
        house.assertInStep();
    }

    @Test
    void aRotationThatNeverReachedTheTokenIsBegunAgain() {
        KeyRecord key = house.create();
        shim.failBefore("C_GenerateKey", Shim.CKR_DEVICE_ERROR, 1);
        assertUnavailable(() -> house.rotate(key));
        await().until(() -> house.keyStore().available());

        assertThat(house.rotate(key).current().generation()).isEqualTo(2);
        house.assertInStep();
    }

    /** R2: the object that is made after its caller went away must not become an orphan. */
    @Test
    void aRotationThatIsTriedAgainWhileTheFirstOneHangsLeavesNoOrphan() {
        KeyRecord key = house.create();
        Shim.Hang hang = shim.hangOnce("C_GenerateKey");
        assertUnavailable(() -> house.rotate(key));
        hang.awaitEntered();
        try {
            house.rotate(key);
        } catch (KmsFault busy) {
            assertThat(busy.name()).isEqualTo(FaultName.KeyUnavailableException);
        }
        hang.release();
        await().until(() -> shim.inside("C_GenerateKey") == 0);

        await().atMost(Duration.ofSeconds(5))
                .ignoreExceptionsInstanceOf(KmsFault.class)
                .until(() -> house.rotate(key).backingKeys().size() > 1);
        house.restart();
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

        await().atMost(Duration.ofSeconds(5)).until(() -> house.keyStore().available());
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
