package io.keyhold.token.pkcs11;

import static io.keyhold.token.pkcs11.Faults.assertInvalidCiphertext;
import static io.keyhold.token.pkcs11.Faults.assertUnavailable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Quiet;
import io.keyhold.testkit.Seeded;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What every token must do for the port {@link KeyStore}. */
abstract class KeyStoreContract extends TokenContract {

    private static final byte[] AAD = {1, 2, 3, 4};

    private final Random random = Seeded.random("KeyStoreContract");

    @Test
    void newMaterialGoesToTheConfiguredToken() {
        assertThat(store().available()).isTrue();
        assertThat(store().inProcess()).isEqualTo(settings().inProcess());
        TestKey key = make();

        assertThat(store().tokenForNewMaterial()).isNotBlank();
        assertThat(store().objects())
                .contains(
                        new TokenObject(
                                store().tokenForNewMaterial(),
                                Optional.of(key.backing().ckaId()),
                                key.label(),
                                false));
    }

    @Test
    void randomBytesAreOthersEachTime() {
        for (int length : new int[] {1, 32, 1024}) {
            assertThat(store().random(length)).hasSize(length);
        }
        assertThat(store().random(32)).isNotEqualTo(store().random(32)).isNotEqualTo(new byte[32]);
    }

    @Test
    void everyAttributeIsAsDesigned() {
        Map<Long, Object> all =
                Map.ofEntries(
                        entry(Pkcs11.CKA_CLASS, Pkcs11.CKO_SECRET_KEY),
                        entry(Pkcs11.CKA_KEY_TYPE, Pkcs11.CKK_AES),
                        entry(Pkcs11.CKA_VALUE_LEN, 32L),
                        entry(Pkcs11.CKA_TOKEN, true),
                        entry(Pkcs11.CKA_PRIVATE, true),
                        entry(Pkcs11.CKA_SENSITIVE, true),
                        entry(Pkcs11.CKA_ALWAYS_SENSITIVE, true),
                        entry(Pkcs11.CKA_EXTRACTABLE, false),
                        entry(Pkcs11.CKA_NEVER_EXTRACTABLE, true),
                        entry(Pkcs11.CKA_LOCAL, true),
                        entry(Pkcs11.CKA_MODIFIABLE, false),
                        entry(Pkcs11.CKA_COPYABLE, false),
                        entry(Pkcs11.CKA_ENCRYPT, true),
                        entry(Pkcs11.CKA_DECRYPT, true),
                        entry(Pkcs11.CKA_WRAP, false),
                        entry(Pkcs11.CKA_UNWRAP, false),
                        entry(Pkcs11.CKA_SIGN, false),
                        entry(Pkcs11.CKA_VERIFY, false),
                        entry(Pkcs11.CKA_DERIVE, false));
        Map<Long, Object> designed = comparable(all);
        long[] types = designed.keySet().stream().mapToLong(Long::longValue).toArray();

        TestKey key = make();

        Attributes seen = attributes(key, types);

        designed.forEach(
                (type, value) ->
                        assertThat(plain(seen.values().get(type)))
                                .as("attribute 0x%x", type)
                                .isEqualTo(value));
    }

    @Test
    void itsNameIsTheRows() {
        TestKey key = make();

        Attributes seen = attributes(key, Pkcs11.CKA_ID, Pkcs11.CKA_LABEL);

        assertThat(seen.bytes(Pkcs11.CKA_ID)).isEqualTo(Bytes16.of(key.backing().ckaId()));
        assertThat(seen.text(Pkcs11.CKA_LABEL)).isEqualTo(key.label());
    }

    @Test
    void itDoesNothingElse() {
        TestKey key = make();
        for (long type : comparable(Map.of(Pkcs11.CKA_ALLOWED_MECHANISMS, "")).keySet()) {
            assertThat(
                            ByteBuffer.wrap(attributes(key, type).bytes(type))
                                    .order(ByteOrder.nativeOrder())
                                    .asLongBuffer())
                    .isEqualTo(LongBuffer.wrap(new long[] {Pkcs11.CKM_AES_GCM}));
        }
    }

    @Test
    void generatingTwiceMakesOneObject() {
        needSymmetric();
        TestKey draft = TestKey.draft(store());

        Canary first = store().generate(draft.material());
        Canary second = store().generate(draft.material());

        assertThat(objectsWith(draft.backing().ckaId())).isEqualTo(1);
        TestKey key = draft.with(first);
        draft.with(second).roundTrip(store(), bytes(16));
        key.roundTrip(store(), bytes(16));
    }

    @Test
    void anObjectThatWasMadeIsFound() {
        TestKey key = make();
        Sealed sealed = key.encrypt(store(), AAD, bytes(32));

        Optional<Canary> found = store().find(key.material());

        assertThat(found).isPresent();
        assertThat(key.with(found.get()).decrypt(store(), AAD, sealed))
                .isEqualTo(key.decrypt(store(), AAD, sealed));
        assertThat(objectsWith(key.backing().ckaId())).isEqualTo(1);
    }

    @Test
    void anAbsentObjectIsNotFound() {
        TestKey draft = TestKey.draft(store());

        assertThat(store().find(draft.material())).isEmpty();
        assertThat(objectsWith(draft.backing().ckaId())).isZero();
    }

    @Test
    void everyLengthComesBack() {
        TestKey key = make();
        for (int length = 1; length <= 4096; length++) {
            key.roundTrip(store(), bytes(length));
        }
    }

    /**
     * Nothing outside the token can compute the same ciphertext, since the key cannot leave it; so
     * its shape is all that can be checked here. Wycheproof's vectors check the mechanism.
     */
    @Test
    void aCiphertextHasAnIvAndATagAndNotThePlaintext() {
        TestKey key = make();
        byte[] plaintext = bytes(64);
        byte[] before = plaintext.clone();

        Sealed first = key.encrypt(store(), AAD, plaintext);
        Sealed second = key.encrypt(store(), AAD, plaintext);

        assertThat(plaintext).isEqualTo(before);
        assertThat(first.iv()).hasSize(12);
        assertThat(first.ciphertextAndTag()).hasSize(64 + 16);
        assertThat(HexFormat.of().formatHex(first.ciphertextAndTag()))
                .doesNotContain(HexFormat.of().formatHex(plaintext, 0, 8));
        assertThat(second.iv()).isNotEqualTo(first.iv());
        assertThat(second.ciphertextAndTag()).isNotEqualTo(first.ciphertextAndTag());
    }

    @Test
    void everyFlippedBitIsRefusedBarely() {
        TestKey key = make();
        Sealed good = key.encrypt(store(), AAD, bytes(16));

        for (int bit = 0; bit < 8 * good.iv().length; bit++) {
            Sealed bad = new Sealed(flip(good.iv(), bit), good.ciphertextAndTag());
            assertInvalidCiphertext(() -> key.decrypt(store(), AAD, bad));
        }
        for (int bit = 0; bit < 8 * good.ciphertextAndTag().length; bit++) {
            Sealed bad = new Sealed(good.iv(), flip(good.ciphertextAndTag(), bit));
            assertInvalidCiphertext(() -> key.decrypt(store(), AAD, bad));
        }
        for (int bit = 0; bit < 8 * AAD.length; bit++) {
            byte[] bad = flip(AAD, bit);
            assertInvalidCiphertext(() -> key.decrypt(store(), bad, good));
        }
        key.decrypt(store(), AAD, good);
        assertThat(token().epochs()).isEqualTo(1);
    }

    @Test
    void otherLengthsAreRefusedBarely() {
        TestKey key = make();
        Sealed good = key.encrypt(store(), AAD, bytes(48));

        for (int length = 16; length < good.ciphertextAndTag().length; length++) {
            Sealed cut = new Sealed(good.iv(), Arrays.copyOf(good.ciphertextAndTag(), length));
            assertInvalidCiphertext(() -> key.decrypt(store(), AAD, cut));
        }
        Sealed longer = new Sealed(good.iv(), Arrays.copyOf(good.ciphertextAndTag(), 65));
        assertInvalidCiphertext(() -> key.decrypt(store(), AAD, longer));
        assertInvalidCiphertext(() -> key.decrypt(store(), new byte[0], good));
        assertInvalidCiphertext(() -> key.decrypt(store(), Arrays.copyOf(AAD, 5), good));
        assertThat(token().epochs()).isEqualTo(1);
    }

    @Test
    void anotherKeysCiphertextIsRefusedBarely() {
        TestKey key = make();
        TestKey other = make();
        Sealed sealed = other.encrypt(store(), AAD, bytes(16));

        assertInvalidCiphertext(() -> key.decrypt(store(), AAD, sealed));
        assertThat(token().epochs()).isEqualTo(1);
    }

    @Test
    void noIvComesTwice() {
        TestKey key = make();
        Set<String> ivs = ConcurrentHashMap.newKeySet();
        try (Callers callers =
                Callers.start(
                        4,
                        caller -> {
                            Sealed sealed = key.encrypt(store(), AAD, new byte[1]);
                            String iv = HexFormat.of().formatHex(sealed.iv());
                            assertThat(ivs.add(iv)).as("IV %s is new", iv).isTrue();
                        })) {
            callers.awaitAnswers(10_000);
        }
        assertThat(ivs).hasSizeGreaterThanOrEqualTo(10_000);
    }

    @Test
    void aBackingKeyWithoutObjectIsUnavailable() {
        TestKey made = make();
        TestKey missing = TestKey.draft(store()).with(made.backing().canary());
        Sealed sealed = made.encrypt(store(), AAD, bytes(16));

        try (Quiet quiet = Quiet.about(getClass().getPackage())) {
            for (int i = 0; i < 10; i++) {
                assertUnavailable(() -> missing.encrypt(store(), AAD, bytes(16)));
                assertUnavailable(() -> missing.decrypt(store(), AAD, sealed));
            }
        }

        made.roundTrip(store(), bytes(16));
        assertThat(token().epochs()).isEqualTo(1);
    }

    @Test
    void anObjectThatIsNotTheRowsIsNeverUsed() {
        TestKey key = make();
        TestKey other = make();
        TestKey wrong = key.with(other.backing().canary());
        Sealed sealed = key.encrypt(store(), AAD, bytes(16));
        close();
        open();

        try (Quiet quiet = Quiet.about(getClass().getPackage())) {
            for (int i = 0; i < 10; i++) {
                assertUnavailable(() -> wrong.encrypt(store(), AAD, bytes(16)));
                assertUnavailable(() -> wrong.decrypt(store(), AAD, sealed));
            }
        }

        key.roundTrip(store(), bytes(16));
        assertThat(token().epochs()).isEqualTo(1);
    }

    @Test
    void whatWasEncryptedOpensAfterARestart() {
        TestKey key = make();
        byte[] plaintext = bytes(100);
        Sealed sealed = key.encrypt(store(), AAD, plaintext);

        close();
        assertThat(store().available()).isFalse();
        assertUnavailable(() -> key.decrypt(store(), AAD, sealed));
        open();

        assertThat(key.decrypt(store(), AAD, sealed)).isEqualTo(plaintext);
    }

    @Test
    void manyCallersUseManyKeysAtOnce() {
        List<TestKey> keys = List.of(make(), make());
        try (Callers callers =
                Callers.start(
                        8,
                        caller ->
                                keys.get(caller % 2)
                                        .roundTrip(store(), new byte[] {(byte) caller, 7}))) {
            callers.awaitAnswers(2_000);
            assertThat(callers.refused()).isZero();
        }
    }

    private TestKey make() {
        needSymmetric();
        return TestKey.make(store());
    }

    private void needSymmetric() {
        need(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
    }

    private Attributes attributes(TestKey key, long... types) {
        try (TokenProbe probe = token().probe()) {
            return probe.attributes(key.backing().ckaId(), Pkcs11.CKO_SECRET_KEY, types);
        }
    }

    private int objectsWith(UUID ckaId) {
        try (TokenProbe probe = token().probe()) {
            return probe.objects(ckaId).size();
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    /** The binding gives the bytes of attributes that it does not know. */
    private static Object plain(Object value) {
        return value instanceof byte[] bytes && bytes.length == 1 ? bytes[0] != 0 : value;
    }
}
