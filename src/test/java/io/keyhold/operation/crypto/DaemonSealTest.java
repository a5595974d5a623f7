package io.keyhold.operation.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.SealHouse;
import io.keyhold.token.pkcs11.Shim;
import io.keyhold.token.pkcs11.SoftHsm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of the daemon, under a key in the token. */
class DaemonSealTest {

    private static final byte[] SECRET = "a secret access key".getBytes(UTF_8);

    private @TempDir Path folder;
    private SoftHsm hsm;
    private SealHouse house;

    @BeforeEach
    void open() {
        hsm = SoftHsm.in(folder);
        house = new SealHouse(hsm.settings(), folder.resolve("keyhold.db"));
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void whatIsSealedOpensForItsPurposeOnly() {
        byte[] sealed = house.seal().seal("session", SECRET);

        assertThat(house.seal().open("session", sealed)).contains(SECRET);
        assertThat(house.seal().open("access-key", sealed)).isEmpty();
        assertThat(house.seal().open("", sealed)).isEmpty();
        assertThat(house.seal().seal("session", SECRET)).isNotEqualTo(sealed);
        assertThat(new String(sealed, UTF_8)).doesNotContain(new String(SECRET, UTF_8));
        assertThat(house.seal().open("x", house.seal().seal("x", new byte[0])))
                .contains(new byte[0]);
    }

    @Test
    void whatWasAlteredDoesNotOpen() {
        byte[] sealed = house.seal().seal("session", SECRET);

        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThat(house.seal().open("session", altered)).as("byte %d", i).isEmpty();
            assertThat(house.seal().open("session", Arrays.copyOf(sealed, i))).isEmpty();
        }
        assertThat(house.seal().open("session", Arrays.copyOf(sealed, sealed.length + 1)))
                .isEmpty();
        assertThat(house.seal().open("session", sealed)).contains(SECRET);
    }

    /** Or any caller could make what the daemon believes. */
    @Test
    void whatACallersKeyEncryptedDoesNotOpen() {
        EncryptionContext context = EncryptionContext.of(Map.of("keyhold:purpose", "session"));
        KeyRecord customers = house.customerKey(Optional.empty());

        byte[] blob =
                new SymmetricCipher(house.keyStore(), house.lifecycle())
                        .encrypt(customers, context, SECRET)
                        .blob()
                        .toByteArray();

        assertThat(house.seal().open("session", blob)).isEmpty();
    }

    @Test
    void theKeyIsMadeOnceWhoeverComesFirst() {
        IntStream.range(0, 32).parallel().forEach(i -> house.seal().seal("session", SECRET));

        KeyRecord key = house.sealKey();
        assertThat(key.manager()).isEqualTo(KeyManager.AWS);
        assertThat(key.arn().toString()).isEqualTo("arn:aws:kms::keyhold:key/" + key.id());
        assertThat(house.keyring().size()).isEqualTo(1);
    }

    @Test
    void whatWasSealedOpensAfterRestartsAndRotations() {
        byte[] first = house.seal().seal("session", SECRET);
        UUID firstMaterial = house.sealKey().currentId();
        house.restart();
        assertThat(house.seal().open("session", first)).contains(SECRET);

        house.lifecycle().rotateOnDemand(house.sealKey().arn());
        house.lifecycle().reconcile();
        byte[] second = house.seal().seal("session", SECRET);
        house.restart();

        assertThat(house.seal().open("session", first)).contains(SECRET);
        assertThat(house.seal().open("session", second)).contains(SECRET);
        assertThat(material(first)).isEqualTo(firstMaterial);
        assertThat(material(second)).isEqualTo(house.sealKey().currentId());
        assertThat(house.sealKey().backingKeys()).hasSize(2);
    }

    @Test
    void encryptionsAreCountedAndTheKeyIsRotatedBeforeThereAreTooMany() {
        byte[] first = house.seal().seal("session", SECRET);
        KeyRecord key = house.sealKey();
        house.store().reserveEncryptions(key.arn(), key.currentId(), 1L << 32);
        house.restart();

        IntStream.range(0, 8).parallel().forEach(i -> house.seal().seal("session", SECRET));

        assertThat(house.sealKey().backingKeys()).hasSize(2);
        assertThat(house.seal().open("session", first)).contains(SECRET);
    }

    @Test
    void withoutATokenNothingIsSealedOrOpened() {
        house.close();
        Shim shim = Shim.fresh();
        house =
                new SealHouse(
                        hsm.behind(shim, 4, Duration.ofSeconds(10)), folder.resolve("keyhold.db"));
        byte[] sealed = house.seal().seal("session", SECRET);

        shim.remove();

        assertUnavailable(() -> house.seal().open("session", sealed));
        assertUnavailable(() -> house.seal().seal("session", SECRET));
        shim.putBack();
    }

    private static void assertUnavailable(ThrowingCallable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call);
        assertThat(fault).isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.KeyUnavailableException);
    }

    private static UUID material(byte[] sealed) {
        return CiphertextBlob.parse(ByteBuffer.wrap(sealed)).orElseThrow().header().backingId();
    }
}
