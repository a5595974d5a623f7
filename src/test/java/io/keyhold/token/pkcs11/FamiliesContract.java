package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.MacAlgorithm;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Quiet;
import io.keyhold.token.DataKeyPair;
import io.keyhold.token.PublicKeys;
import io.keyhold.token.TokenObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a token must do with material that is no AES key, family by family. */
abstract class FamiliesContract extends TokenContract {

    private static final byte[] MESSAGE = "Keyhold".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource(
            value = KeySpec.class,
            names = {"HMAC_.*"},
            mode = EnumSource.Mode.MATCH_ALL)
    void codesAreTheMaterialsOwn(KeySpec spec) {
        TestKey key = make(spec, KeyUsage.GENERATE_VERIFY_MAC);
        TestKey other = make(spec, KeyUsage.GENERATE_VERIFY_MAC);

        byte[] mac = store().mac(key.material(), MESSAGE);

        String bits = MacAlgorithm.of(spec).orElseThrow().name().replace("HMAC_SHA_", "");
        assertThat(mac).hasSize(Integer.parseInt(bits) / 8);
        assertThat(store().mac(key.material(), MESSAGE)).isEqualTo(mac);
        assertThat(store().mac(key.material(), new byte[7])).isNotEqualTo(mac);
        assertThat(store().mac(other.material(), MESSAGE)).isNotEqualTo(mac);
        close();
        open();
        assertThat(store().mac(key.material(), MESSAGE)).isEqualTo(mac);
    }

    /** By the JDK, if it knows the curve; by Bouncy Castle, as the daemon verifies. */
    @ParameterizedTest
    @EnumSource(value = KeySpec.class, names = "(RSA|ECC)_.*", mode = EnumSource.Mode.MATCH_ANY)
    void signaturesVerify(KeySpec spec) throws GeneralSecurityException {
        TestKey key = make(spec, KeyUsage.SIGN_VERIFY);
        for (SigningAlgorithm algorithm : SigningAlgorithm.of(spec)) {
            signaturesVerify(key, algorithm);
        }
    }

    private void signaturesVerify(TestKey key, SigningAlgorithm algorithm)
            throws GeneralSecurityException {
        byte[] publicKey = store().publicKey(key.material());
        byte[] input = algorithm.input(MESSAGE);

        byte[] signature = store().sign(key.material(), algorithm, input);

        assertThat(PublicKeys.verify(publicKey, algorithm, input, signature)).isTrue();
        if (key.material().spec() != KeySpec.ECC_SECG_P256K1) {
            assertThat(verifiedByTheJdk(publicKey, algorithm, signature)).isTrue();
        }
        byte[] otherInput = algorithm.input(new byte[] {1});
        assertThat(PublicKeys.verify(publicKey, algorithm, otherInput, signature)).isFalse();
        for (int i = 0; i < signature.length; i += 7) {
            byte[] bad = signature.clone();
            bad[i] ^= 1;
            assertThat(PublicKeys.verify(publicKey, algorithm, input, bad)).isFalse();
        }
        for (int length : new int[] {0, 1, signature.length - 1, signature.length + 1}) {
            byte[] bad = Arrays.copyOf(signature, length);
            assertThat(PublicKeys.verify(publicKey, algorithm, input, bad)).isFalse();
        }
        close();
        open();
        byte[] again = store().sign(key.material(), algorithm, input);
        assertThat(PublicKeys.verify(publicKey, algorithm, input, again)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521"})
    void bothSidesDeriveTheSameSecret(KeySpec spec) throws GeneralSecurityException {
        TestKey key = make(spec, KeyUsage.KEY_AGREEMENT);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(
                new ECGenParameterSpec("secp%sr1".formatted(spec.name().split("_P")[1])));
        for (int i = 0; i < 20; i++) { // so that some have leading zeros
            KeyPair other = generator.generateKeyPair();
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(other.getPrivate());
            agreement.doPhase(publicKey("EC", store().publicKey(key.material())), true);

            byte[] secret =
                    store().deriveSharedSecret(key.material(), other.getPublic().getEncoded());

            assertThat(secret).isEqualTo(agreement.generateSecret());
        }
        assertThat(store().objects()).as("no secret stays").hasSizeLessThanOrEqualTo(2);
    }

    /** By the JDK as well, in both directions that it can go. */
    @ParameterizedTest
    @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
    void whatIsEncryptedIsDeciphered(KeySpec spec) throws GeneralSecurityException {
        TestKey key = make(spec, KeyUsage.ENCRYPT_DECRYPT);
        for (EncryptionAlgorithm algorithm : store().deciphers(spec)) {
            whatIsEncryptedIsDeciphered(key, algorithm);
        }
    }

    private void whatIsEncryptedIsDeciphered(TestKey key, EncryptionAlgorithm algorithm)
            throws GeneralSecurityException {
        byte[] publicKey = store().publicKey(key.material());
        int room = algorithm.room(key.material().spec().modulusBytes());
        for (int length : new int[] {0, 1, 32, room}) {
            byte[] plaintext = new byte[length];
            Arrays.fill(plaintext, (byte) length);
            byte[] ours = PublicKeys.encrypt(publicKey, algorithm, plaintext);

            assertThat(store().decipher(key.material(), algorithm, ours)).isEqualTo(plaintext);
            assertThat(
                            store().decipher(
                                            key.material(),
                                            algorithm,
                                            encryptedByTheJdk(publicKey, algorithm, plaintext)))
                    .isEqualTo(plaintext);
        }
    }

    /** One outcome, whatever is wrong: else a padding oracle tells the plaintext. */
    @Test
    void everyWrongCiphertextIsRefusedBarely() {
        TestKey key = make(KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT);
        for (EncryptionAlgorithm algorithm : store().deciphers(KeySpec.RSA_2048)) {
            everyWrongCiphertextIsRefusedBarely(key, algorithm);
        }
    }

    private void everyWrongCiphertextIsRefusedBarely(TestKey key, EncryptionAlgorithm algorithm) {
        byte[] publicKey = store().publicKey(key.material());
        EncryptionAlgorithm other =
                algorithm == EncryptionAlgorithm.RSAES_OAEP_SHA_1
                        ? EncryptionAlgorithm.RSAES_OAEP_SHA_256
                        : EncryptionAlgorithm.RSAES_OAEP_SHA_1;
        byte[] good = PublicKeys.encrypt(publicKey, algorithm, MESSAGE);
        byte[] most = new byte[good.length];
        Arrays.fill(most, (byte) 0xff);
        List<byte[]> wrong =
                List.of(
                        new byte[good.length],
                        most, // more than the modulus
                        flipped(good, 0),
                        flipped(good, 8 * good.length - 1),
                        PublicKeys.encrypt(publicKey, other, MESSAGE),
                        Arrays.copyOf(MESSAGE, good.length));

        for (byte[] each : wrong) {
            Faults.assertInvalidCiphertext(() -> store().decipher(key.material(), algorithm, each));
        }
        assertThat(store().decipher(key.material(), algorithm, good)).isEqualTo(MESSAGE);
        assertThat(token().epochs()).isEqualTo(1);
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return changed;
    }

    private static byte[] encryptedByTheJdk(
            byte[] publicKey, EncryptionAlgorithm algorithm, byte[] plaintext)
            throws GeneralSecurityException {
        String hash = algorithm.name().replace("RSAES_OAEP_SHA_", "SHA-");
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                publicKey("RSA", publicKey),
                new OAEPParameterSpec(
                        hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        return cipher.doFinal(plaintext);
    }

    @Test
    void aPublicKeyOfAnotherKindIsRefused() throws GeneralSecurityException {
        TestKey key = make(KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT);
        TestKey p384 = make(KeySpec.ECC_NIST_P384, KeyUsage.KEY_AGREEMENT);
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] offCurve = store().publicKey(key.material());
        offCurve[offCurve.length - 1] ^= 1;
        byte[] infinity = Arrays.copyOf(store().publicKey(key.material()), 27);
        infinity[1] = 25;
        infinity[24] = 2;
        infinity[26] = 0;

        for (byte[] wrong :
                List.of(
                        store().publicKey(p384.material()),
                        edwards.getPublic().getEncoded(),
                        offCurve,
                        infinity,
                        new byte[] {0x30})) {
            KmsFault fault =
                    catchThrowableOfType(
                            KmsFault.class,
                            () -> store().deriveSharedSecret(key.material(), wrong));
            assertThat(fault.name()).isEqualTo(FaultName.ValidationException);
        }
        assertThat(token().epochs()).isEqualTo(1);
    }

    static Stream<Arguments> families() {
        return Stream.of(
                Arguments.of(KeySpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC),
                Arguments.of(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY),
                Arguments.of(KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT),
                Arguments.of(KeySpec.ECC_NIST_EDWARDS25519, KeyUsage.SIGN_VERIFY),
                Arguments.of(KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT),
                Arguments.of(KeySpec.RSA_2048, KeyUsage.SIGN_VERIFY));
    }

    /** What cannot be shown to be the row's is never used. */
    @ParameterizedTest
    @MethodSource("families")
    void anotherRowsObjectIsNeverUsed(KeySpec spec, KeyUsage usage) {
        TestKey key = make(spec, usage);
        TestKey wrong = key.with(make(spec, usage).backing().canary());
        close();
        open();

        try (Quiet quiet = Quiet.about(getClass().getPackage())) {
            assertThat(store().holds(wrong.material())).isFalse();
            assertThat(store().holds(key.material())).isTrue();
        }
        assertThat(token().epochs()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("families")
    void generatingTwiceMakesItOnce(KeySpec spec, KeyUsage usage) {
        need(spec, usage);
        TestKey draft = TestKey.draft(store(), spec, usage);
        int halves = spec.isAsymmetric() ? 2 : 1;

        Canary first = store().generate(draft.material());
        Canary second = store().generate(draft.material());
        Optional<Canary> found = store().find(draft.material());

        assertThat(second).isEqualTo(first);
        assertThat(found).contains(first);
        assertThat(objects(draft)).hasSize(halves);
        assertThat(objects(draft)).filteredOn(TokenObject::isPublicHalf).hasSize(halves - 1);
        assertThat(objects(draft)).extracting(TokenObject::label).containsOnly(draft.label());

        store().destroy(draft.material());

        assertThat(objects(draft)).isEmpty();
        assertThat(store().find(draft.material())).isEmpty();
    }

    /** A crash between the halves: the one that is left is of no use to anybody. */
    @Test
    void aPublicHalfAloneIsRemoved() {
        need(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
        TestKey draft = TestKey.draft(store(), KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
        store().generate(draft.material());
        close();
        open();
        try (TokenProbe probe = token().probe()) {
            probe.destroy(draft.backing().ckaId(), Pkcs11.CKO_PRIVATE_KEY);
        }
        close();
        open();

        assertThat(store().find(draft.material())).isEmpty();

        assertThat(objects(draft)).isEmpty();
    }

    /** A crash may leave the other one alone, too: no signature of it was ever given out. */
    @Test
    void aPrivateHalfAloneIsRemoved() {
        need(KeySpec.RSA_2048, KeyUsage.SIGN_VERIFY);
        TestKey draft = TestKey.draft(store(), KeySpec.RSA_2048, KeyUsage.SIGN_VERIFY);
        store().generate(draft.material());
        try (TokenProbe probe = token().probe()) {
            probe.destroy(draft.backing().ckaId(), Pkcs11.CKO_PUBLIC_KEY);
        }
        close();
        open();

        assertThat(store().find(draft.material())).isEmpty();

        assertThat(objects(draft)).isEmpty();
    }

    /** They hold up all other making and searching, so no queue of them can. */
    @Test
    void rsaPairsAreMadeOneAtATime() {
        needPair(KeySpec.RSA_2048);
        AtomicInteger made = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        try (Callers making = Callers.start(3, c -> makeOrBeRefused(made, refused));
                Callers listing = Callers.start(1, c -> store().objects())) {
            making.awaitAnswers(50);
            listing.awaitAnswers(5);
            assertThat(listing.refused()).isZero();
        }
        assertThat(store().dataKeyPair(KeySpec.RSA_2048).publicKey()).isNotEmpty();
        assertThat(made).hasPositiveValue();
        assertThat(refused).hasPositiveValue();
        assertThat(token().epochs()).isEqualTo(1);
    }

    private void makeOrBeRefused(AtomicInteger made, AtomicInteger refused) {
        try {
            store().dataKeyPair(KeySpec.RSA_2048);
            made.incrementAndGet();
        } catch (KmsFault e) {
            assertThat(e.name()).isEqualTo(FaultName.ThrottlingException);
            refused.incrementAndGet();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void whatOperatesNeverLeavesAndDoesNothingElse(KeySpec spec, KeyUsage usage) {
        TestKey key = make(spec, usage);
        Attributes designed =
                new Attributes()
                        .with(Pkcs11.CKA_TOKEN, true)
                        .with(Pkcs11.CKA_PRIVATE, true)
                        .with(Pkcs11.CKA_SENSITIVE, true)
                        .with(Pkcs11.CKA_ALWAYS_SENSITIVE, true)
                        .with(Pkcs11.CKA_EXTRACTABLE, false)
                        .with(Pkcs11.CKA_NEVER_EXTRACTABLE, true)
                        .with(Pkcs11.CKA_LOCAL, true)
                        .with(Pkcs11.CKA_MODIFIABLE, false)
                        .with(Pkcs11.CKA_COPYABLE, false)
                        .with(
                                Pkcs11.CKA_SIGN,
                                usage == KeyUsage.SIGN_VERIFY
                                        || usage == KeyUsage.GENERATE_VERIFY_MAC)
                        .with(Pkcs11.CKA_DERIVE, usage == KeyUsage.KEY_AGREEMENT)
                        .with(Pkcs11.CKA_DECRYPT, usage == KeyUsage.ENCRYPT_DECRYPT)
                        .with(Pkcs11.CKA_UNWRAP, false)
                        .with(Pkcs11.CKA_ID, Bytes16.of(key.backing().ckaId()));
        designed.values().keySet().retainAll(comparable(designed.values()).keySet());
        try (TokenProbe probe = token().probe()) {
            Attributes seen =
                    probe.attributes(
                            key.backing().ckaId(),
                            spec.isAsymmetric() ? Pkcs11.CKO_PRIVATE_KEY : Pkcs11.CKO_SECRET_KEY,
                            designed.types());
            assertThat(designed.firstDifference(seen)).isNull();
        }
    }

    @Test
    void pairsAreMadeAndUsedBesideEachOther() {
        TestKey shared = make(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
        byte[] publicKey = store().publicKey(shared.material());
        SigningAlgorithm algorithm = SigningAlgorithm.ECDSA_SHA_256;
        byte[] input = algorithm.input(MESSAGE);
        try (Callers making =
                        Callers.start(2, c -> make(KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT));
                Callers listing = Callers.start(1, c -> store().objects());
                Callers signing =
                        Callers.start(
                                2,
                                c ->
                                        assertThat(
                                                        PublicKeys.verify(
                                                                publicKey,
                                                                algorithm,
                                                                input,
                                                                store().sign(
                                                                                shared.material(),
                                                                                algorithm,
                                                                                input)))
                                                .isTrue())) {
            making.awaitAnswers(50);
            signing.awaitAnswers(50);
            assertThat(making.refused() + listing.refused() + signing.refused()).isZero();
        }
        assertThat(token().epochs()).isEqualTo(1);
    }

    /** The JDK takes both halves, and one verifies what the other signs. */
    @ParameterizedTest
    @EnumSource(value = KeySpec.class, names = "(RSA|ECC)_.*", mode = EnumSource.Mode.MATCH_ANY)
    void pairsForOutsideArePairs(KeySpec spec) throws GeneralSecurityException, IOException {
        needPair(spec);
        DataKeyPair pair = store().dataKeyPair(spec);

        assertThat(store().objects()).as("nothing of it stays").isEmpty();
        AsymmetricKeyParameter privateKey = PrivateKeyFactory.createKey(pair.privateKey());
        byte[] publicKey = pair.publicKey();
        if (spec == KeySpec.ECC_SECG_P256K1) {
            ECPrivateKeyParameters number = (ECPrivateKeyParameters) privateKey;
            ECPublicKeyParameters point = (ECPublicKeyParameters) PublicKeys.parse(publicKey);
            assertThat(number.getParameters().getG().multiply(number.getD()).normalize())
                    .isEqualTo(point.getQ());
        } else {
            SigningAlgorithm algorithm = SigningAlgorithm.of(spec).iterator().next();
            String family = spec.name().startsWith("RSA") ? "RSA" : "EC";
            String name =
                    algorithm.digest().replace("-", "")
                            + "with"
                            + (family.equals("EC") ? "ECDSA" : family);
            Signature signer =
                    algorithm.digest().isEmpty()
                            ? Signature.getInstance("Ed25519")
                            : Signature.getInstance(name);
            signer.initSign(
                    KeyFactory.getInstance(algorithm.digest().isEmpty() ? "Ed25519" : family)
                            .generatePrivate(new PKCS8EncodedKeySpec(pair.privateKey())));
            signer.update(MESSAGE);
            byte[] signature = signer.sign();
            byte[] input = algorithm.input(MESSAGE);
            assertThat(PublicKeys.verify(publicKey, algorithm, input, signature)).isTrue();
        }
        pair.wipe();
        assertThat(pair.privateKey()).containsOnly(0);
    }

    /** What the binding cannot carry is named, and nothing is made. */
    @ParameterizedTest
    @EnumSource(names = {"SM2", "ML_DSA_44", "ML_KEM_768"})
    void otherSpecsAreRefusedByName(KeySpec spec) {
        TestKey draft = TestKey.draft(store(), spec, KeyUsage.SIGN_VERIFY);

        KmsFault fault =
                catchThrowableOfType(KmsFault.class, () -> store().generate(draft.material()));

        assertThat(fault.name()).isEqualTo(FaultName.UnsupportedOperationException);
        assertThat(fault).hasMessageContaining(spec.name());
    }

    private List<TokenObject> objects(TestKey key) {
        return store().objects().stream()
                .filter(each -> each.ckaId().filter(key.backing().ckaId()::equals).isPresent())
                .toList();
    }

    private static boolean verifiedByTheJdk(
            byte[] publicKey, SigningAlgorithm algorithm, byte[] signature)
            throws GeneralSecurityException {
        String hash = algorithm.digest().replace("-", "");
        String name = algorithm.name();
        Signature verifier;
        String family;
        if (name.startsWith("ECDSA")) {
            family = "EC";
            verifier = Signature.getInstance(hash + "withECDSA");
        } else if (name.startsWith("ED")) {
            family = "Ed25519";
            verifier = Signature.getInstance(family);
        } else if (name.contains("PKCS1")) {
            family = "RSA";
            verifier = Signature.getInstance(hash + "withRSA");
        } else {
            family = "RSA";
            verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(
                    new PSSParameterSpec(
                            algorithm.digest(),
                            "MGF1",
                            new MGF1ParameterSpec(algorithm.digest()),
                            algorithm.digestLength(),
                            PSSParameterSpec.TRAILER_FIELD_BC));
        }
        verifier.initVerify(publicKey(family, publicKey));
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }

    private static PublicKey publicKey(String family, byte[] encoded)
            throws GeneralSecurityException {
        return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(encoded));
    }
}
