package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Canary;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.OwnersPair;
import io.keyhold.testkit.Wrapping;
import io.keyhold.token.KeyStore;
import io.keyhold.token.PublicKeys;
import io.keyhold.token.Sealed;
import io.keyhold.token.WrappedMaterial;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a token must do with material that comes wrapped. */
abstract class ImportContract {

    private static final byte[] MESSAGE = "Keyhold".getBytes(StandardCharsets.UTF_8);
    private static final WrappingAlgorithm ANY = WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1;

    private OpenToken token;
    private KeyStore store;
    private TestKey wrapping;

    abstract TokenSettings settings();

    /** Whether the token unwraps private keys; else it must say that it does not. */
    boolean takesPairs() {
        return true;
    }

    private void needPairs(KeySpec spec) {
        if (takesPairs()) {
            return;
        }
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> store.requireImportable(spec));
        assertThat(fault.name()).isEqualTo(FaultName.UnsupportedOperationException);
        String why = "import of " + spec + ": " + fault.text();
        System.out.println("    " + getClass().getSimpleName() + " | " + why);
        Assumptions.abort(why);
    }

    /** What the token unwraps as it is set up. */
    abstract Set<WrappingAlgorithm> unwraps();

    @BeforeEach
    void open() {
        token = OpenToken.open(settings());
        store = token.store();
        wrapping = TestKey.draft(store, KeySpec.RSA_2048, KeyUsage.UNWRAP).made(store);
    }

    @AfterEach
    void close() {
        token.close();
    }

    @Test
    void whatItUnwrapsIsKnown() {
        assertThat(store.unwraps()).isEqualTo(unwraps());
    }

    @ParameterizedTest
    @EnumSource
    void symmetricMaterialIsTheOwners(WrappingAlgorithm algorithm) throws GeneralSecurityException {
        if (!unwraps().contains(algorithm)) {
            return; // whatItUnwrapsIsKnown says so
        }
        byte[] material = Wrapping.random(32);
        TestKey key =
                imported(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, algorithm, material);
        Sealed sealed = store.encrypt(key.material(), MESSAGE, MESSAGE);

        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(material, "AES"),
                new GCMParameterSpec(128, sealed.iv()));
        cipher.updateAAD(MESSAGE);
        assertThat(cipher.doFinal(sealed.ciphertextAndTag())).isEqualTo(MESSAGE);
        assertThat(store.decrypt(key.material(), MESSAGE, sealed)).isEqualTo(MESSAGE);
        assertSealed(key, Pkcs11.CKO_SECRET_KEY);
    }

    @ParameterizedTest
    @EnumSource(value = KeySpec.class, names = "HMAC_.*", mode = EnumSource.Mode.MATCH_ALL)
    void codesAreTheOwners(KeySpec spec) throws GeneralSecurityException {
        Hash hash = Hash.valueOf(spec.name().replace("HMAC", "SHA"));
        byte[] material = Wrapping.random(hash.bytes());
        TestKey key = imported(spec, KeyUsage.GENERATE_VERIFY_MAC, ANY, material);

        Mac mac = Mac.getInstance("Hmac" + hash.shortName());
        mac.init(new SecretKeySpec(material, "HMAC"));
        assertThat(store.mac(key.material(), MESSAGE)).isEqualTo(mac.doFinal(MESSAGE));
        assertSealed(key, Pkcs11.CKO_SECRET_KEY);
    }

    @ParameterizedTest
    @EnumSource(names = {"ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1"})
    void signaturesOfCurvesAreTheOwners(KeySpec spec) throws GeneralSecurityException {
        needPairs(spec);
        for (int i = 0; i < 8; i++) {
            signsAsItsOwner(spec, OwnersPair.of(spec));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
    void signaturesOfRsaAreTheOwners(KeySpec spec) throws GeneralSecurityException {
        needPairs(spec);
        signsAsItsOwner(spec, OwnersPair.of(spec));
    }

    private void signsAsItsOwner(KeySpec spec, OwnersPair pair) {
        TestKey key = imported(spec, KeyUsage.SIGN_VERIFY, ANY, pair.privateKey());

        assertThat(store.publicKey(key.material())).isEqualTo(pair.publicKey());
        for (SigningAlgorithm algorithm : SigningAlgorithm.of(spec)) {
            byte[] input = algorithm.input(MESSAGE);
            byte[] signature = store.sign(key.material(), algorithm, input);
            assertThat(PublicKeys.verify(pair.publicKey(), algorithm, input, signature)).isTrue();
        }
        assertSealed(key, Pkcs11.CKO_PRIVATE_KEY);
    }

    /** The public key of a pair that cannot sign is known all the same. */
    @ParameterizedTest
    @EnumSource(names = {"ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"})
    void secretsAreTheOwners(KeySpec spec) throws GeneralSecurityException {
        needPairs(spec);
        OwnersPair pair = OwnersPair.of(spec);
        TestKey key = imported(spec, KeyUsage.KEY_AGREEMENT, ANY, pair.privateKey());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(Curve.of(spec).jcaName()));
        KeyPair other = generator.generateKeyPair();
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(other.getPrivate());
        agreement.doPhase(pair.jdkPublicKey(), true);

        assertThat(store.publicKey(key.material())).isEqualTo(pair.publicKey());
        assertThat(store.deriveSharedSecret(key.material(), other.getPublic().getEncoded()))
                .isEqualTo(agreement.generateSecret());
    }

    @Test
    void whatIsEncryptedForTheOwnerIsDeciphered() throws GeneralSecurityException {
        needPairs(KeySpec.RSA_2048);
        OwnersPair pair = OwnersPair.of(KeySpec.RSA_2048);
        TestKey key = imported(KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, ANY, pair.privateKey());
        for (EncryptionAlgorithm algorithm : store.deciphers(KeySpec.RSA_2048)) {
            byte[] ciphertext = PublicKeys.encrypt(pair.publicKey(), algorithm, MESSAGE);
            assertThat(store.decipher(key.material(), algorithm, ciphertext)).isEqualTo(MESSAGE);
        }
    }

    @Test
    void edwardsIsRefusedByName() throws GeneralSecurityException {
        byte[] pair =
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
        KmsFault fault = refused(KeySpec.ECC_NIST_EDWARDS25519, ANY, pair);
        assertThat(fault.name()).isEqualTo(FaultName.UnsupportedOperationException);
        assertThat(fault.text()).contains("CKK_EC_EDWARDS");
    }

    /** However it is wrapped, and by whatever wrapping key. */
    @Test
    void theSameMaterialHasOneIdentity() throws GeneralSecurityException {
        TestKey another = TestKey.draft(store, KeySpec.RSA_3072, KeyUsage.UNWRAP).made(store);
        byte[] material = Wrapping.random(32);
        byte[] other = material.clone();
        other[31] ^= 1;
        byte[] identity = identify(wrapping, ANY, material);

        assertThat(identify(wrapping, WrappingAlgorithm.RSAES_OAEP_SHA_1, material))
                .isEqualTo(identity);
        assertThat(identify(another, ANY, material)).isEqualTo(identity);
        assertThat(identify(wrapping, ANY, other)).isNotEqualTo(identity);
        assertThat(store.objects()).as("only the wrapping keys").hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"SYMMETRIC_DEFAULT", "HMAC_256", "HMAC_384", "HMAC_512", "HMAC_224"})
    void anotherLengthIsIncorrect(KeySpec spec) {
        int right =
                spec == KeySpec.SYMMETRIC_DEFAULT
                        ? 32
                        : Hash.valueOf(spec.name().replace("HMAC", "SHA")).bytes();
        for (int length : new int[] {1, 16, 20, 24, 27, 31, 32, 33, 47, 49, 63, 65, 100}) {
            boolean near = spec == KeySpec.HMAC_224 && (length == 31 || length == 32); // too near
            if (length != right && !near) {
                KmsFault fault = refused(spec, ANY, Wrapping.random(length));
                assertThat(fault.name())
                        .as("%d bytes", length)
                        .isIn(
                                FaultName.IncorrectKeyMaterialException,
                                FaultName.InvalidCiphertextException); // NSS, of one byte
            }
        }
        assertThat(store.objects()).hasSize(2);
    }

    @Test
    void anotherKindOfPairIsIncorrect() throws GeneralSecurityException {
        needPairs(KeySpec.ECC_NIST_P256);
        byte[] p256 = OwnersPair.of(KeySpec.ECC_NIST_P256).privateKey();
        byte[] rsa = OwnersPair.of(KeySpec.RSA_2048).privateKey();
        for (KeySpec spec : new KeySpec[] {KeySpec.ECC_NIST_P384, KeySpec.ECC_SECG_P256K1}) {
            assertThat(refused(spec, ANY, p256).name())
                    .isEqualTo(FaultName.IncorrectKeyMaterialException);
        }
        assertThat(refused(KeySpec.RSA_3072, ANY, rsa).name())
                .isEqualTo(FaultName.IncorrectKeyMaterialException);
        for (byte[] strange : new byte[][] {rsa, new byte[40], Arrays.copyOf(p256, 60)}) {
            assertThat(refused(KeySpec.ECC_NIST_P256, ANY, strange).name())
                    .isIn(
                            FaultName.IncorrectKeyMaterialException,
                            FaultName.InvalidCiphertextException);
        }
        assertThat(store.objects()).hasSize(2);
    }

    /** Whoever knows the public key alone has nothing to import. */
    @Test
    void numbersThatAreNoPairAreIncorrect() throws GeneralSecurityException, IOException {
        needPairs(KeySpec.RSA_2048);
        RSAPrivateKey good =
                RSAPrivateKey.getInstance(
                        PrivateKeyInfo.getInstance(OwnersPair.of(KeySpec.RSA_2048).privateKey())
                                .parsePrivateKey());
        BigInteger one = BigInteger.ONE;
        BigInteger n = good.getModulus();
        BigInteger e = good.getPublicExponent();
        for (RSAPrivateKey bad :
                List.of(
                        new RSAPrivateKey(n, e, one, one, one, one, one, one),
                        new RSAPrivateKey(n.add(one), e, one, one, one, one, one, one),
                        new RSAPrivateKey(
                                n,
                                e,
                                BigInteger.ZERO,
                                BigInteger.ZERO,
                                BigInteger.ZERO,
                                BigInteger.ZERO,
                                BigInteger.ZERO,
                                BigInteger.ZERO))) {
            AlgorithmIdentifier rsa =
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
            byte[] pkcs8 = new PrivateKeyInfo(rsa, bad).getEncoded();
            assertThat(refused(KeySpec.RSA_2048, ANY, pkcs8).name())
                    .isIn(
                            FaultName.IncorrectKeyMaterialException,
                            FaultName.InvalidCiphertextException);
        }
        assertThat(token.epochs()).isEqualTo(1);
    }

    /** And the token is well afterwards. */
    @ParameterizedTest
    @EnumSource
    void whatCannotBeUnwrappedIsBadData(WrappingAlgorithm algorithm) {
        if (!unwraps().contains(algorithm)) {
            return; // whatItUnwrapsIsKnown says so
        }
        byte[] good = wrapped(wrapping, algorithm, Wrapping.random(32));
        for (int at : new int[] {0, 1, 100, 255, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertBadData(algorithm, bad);
        }
        for (int length : new int[] {0, 1, 255, 257, 264, good.length - 8, good.length + 8, 6144}) {
            assertBadData(algorithm, Arrays.copyOf(good, length));
        }
        assertThat(store.identify(KeySpec.SYMMETRIC_DEFAULT, material(algorithm, good)))
                .isNotEmpty();
        assertThat(token.epochs()).isEqualTo(1);
        assertThat(store.objects()).hasSize(2);
    }

    private void assertBadData(WrappingAlgorithm algorithm, byte[] bytes) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () ->
                                store.identify(
                                        KeySpec.SYMMETRIC_DEFAULT, material(algorithm, bytes)));
        assertThat(fault.name()).isEqualTo(FaultName.InvalidCiphertextException);
    }

    /** For what the first try left, and for what was deleted by rows that are old. */
    @Test
    void materialTakesThePlaceOfWhatIsThere() {
        byte[] material = Wrapping.random(32);
        TestKey draft = draft(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
        WrappedMaterial blob = material(ANY, wrapped(wrapping, ANY, material));
        byte[] identity = store.identify(KeySpec.SYMMETRIC_DEFAULT, blob);
        TestKey first = draft.with(store.unwrap(draft.material(), blob, identity));
        Sealed sealed = store.encrypt(first.material(), MESSAGE, MESSAGE);

        Canary again = store.unwrap(draft.material(), blob, identity);

        assertThat(store.decrypt(draft.with(again).material(), MESSAGE, sealed)).isEqualTo(MESSAGE);
        assertThat(store.objects()).hasSize(3);
        assertThat(store.answers(first.material())).isTrue();
    }

    @Test
    void itIsThereAfterARestart() {
        byte[] material = Wrapping.random(32);
        TestKey key = imported(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, ANY, material);
        Sealed sealed = store.encrypt(key.material(), MESSAGE, MESSAGE);
        TestKey before = wrapping;
        close();
        open();

        assertThat(store.decrypt(key.material(), MESSAGE, sealed)).isEqualTo(MESSAGE);
        assertThat(identify(before, ANY, material)).isEqualTo(identify(wrapping, ANY, material));
    }

    private TestKey imported(
            KeySpec spec, KeyUsage usage, WrappingAlgorithm algorithm, byte[] material) {
        TestKey draft = draft(spec, usage);
        WrappedMaterial blob = material(algorithm, wrapped(wrapping, algorithm, material));
        return draft.with(store.unwrap(draft.material(), blob, store.identify(spec, blob)));
    }

    private TestKey draft(KeySpec spec, KeyUsage usage) {
        return TestKey.draft(store, spec, usage).asImported();
    }

    private KmsFault refused(KeySpec spec, WrappingAlgorithm algorithm, byte[] material) {
        WrappedMaterial blob = material(algorithm, wrapped(wrapping, algorithm, material));
        return catchThrowableOfType(KmsFault.class, () -> store.identify(spec, blob));
    }

    private byte[] identify(TestKey by, WrappingAlgorithm algorithm, byte[] material) {
        return store.identify(
                KeySpec.SYMMETRIC_DEFAULT,
                new WrappedMaterial(by.material(), algorithm, wrapped(by, algorithm, material)));
    }

    private byte[] wrapped(TestKey by, WrappingAlgorithm algorithm, byte[] material) {
        return Wrapping.wrap(store.publicKey(by.material()), algorithm, material);
    }

    private WrappedMaterial material(WrappingAlgorithm algorithm, byte[] bytes) {
        return new WrappedMaterial(wrapping.material(), algorithm, bytes);
    }

    private void assertSealed(TestKey key, long objectClass) {
        UUID ckaId = key.material().ckaId();
        try (TokenProbe probe = token.probe()) {
            Attributes given =
                    probe.attributes(
                            ckaId,
                            objectClass,
                            Pkcs11.CKA_SENSITIVE,
                            Pkcs11.CKA_EXTRACTABLE,
                            Pkcs11.CKA_LOCAL);
            assertThat(given.values())
                    .containsEntry(Pkcs11.CKA_SENSITIVE, true)
                    .containsEntry(Pkcs11.CKA_EXTRACTABLE, false)
                    .containsEntry(Pkcs11.CKA_LOCAL, false);
        }
    }
}
