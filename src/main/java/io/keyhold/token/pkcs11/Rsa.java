package io.keyhold.token.pkcs11;

import static io.keyhold.key.EncryptionAlgorithm.RSAES_OAEP_SHA_1;
import static io.keyhold.key.EncryptionAlgorithm.RSAES_OAEP_SHA_256;

import io.keyhold.key.Bytes16;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.token.DigestInfos;
import io.keyhold.token.PublicKeys;
import io.keyhold.token.pkcs11.LibraryConfiguration.OaepSha256;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.util.BigIntegers;

/**
 * RSA: signatures of both kinds, and OAEP. Digests are made here, since not all tokens have the
 * mechanisms that hash.
 *
 * @see "OASIS PKCS #11 v3.1, section 6.1"
 */
final class Rsa extends PairFamily {

    private static final byte[] EXPONENT = {1, 0, 1};
    private static final SecureRandom RANDOM = new SecureRandom();

    private final OaepSha256 oaepSha256;
    private final boolean plaintextImports;

    Rsa(Cryptoki cryptoki, Turns turns, OaepSha256 oaepSha256, boolean plaintextImports) {
        super(cryptoki, turns);
        this.oaepSha256 = oaepSha256;
        this.plaintextImports = plaintextImports;
    }

    /** The algorithms that its wrapping keys unwrap. */
    Set<WrappingAlgorithm> unwraps() {
        boolean sha256 = oaepSha256 == OaepSha256.TOKEN || unwrapsInDaemon();
        return Arrays.stream(WrappingAlgorithm.values())
                .filter(each -> sha256 || !each.isSha256())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(WrappingAlgorithm.class)));
    }

    /** Whether it is the daemon that takes the padding of an algorithm off. */
    boolean opensInDaemon(WrappingAlgorithm algorithm) {
        return algorithm.isSha256() && oaepSha256 == OaepSha256.DAEMON;
    }

    private boolean unwrapsInDaemon() {
        return plaintextImports && oaepSha256 == OaepSha256.DAEMON;
    }

    /** The algorithms that its keys decipher. */
    Set<EncryptionAlgorithm> deciphers() {
        return oaepSha256 == OaepSha256.NONE
                ? EnumSet.of(RSAES_OAEP_SHA_1)
                : EnumSet.of(RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256);
    }

    @Override
    Mechanism generation() {
        return new Mechanism.Plain(Pkcs11.CKM_RSA_PKCS_KEY_PAIR_GEN);
    }

    @Override
    public boolean isQuick() {
        return false;
    }

    @Override
    long keyType() {
        return Pkcs11.CKK_RSA;
    }

    @Override
    Attributes publicHalf(Attributes template, KeySpec spec, KeyUsage usage) {
        return template.with(Pkcs11.CKA_MODULUS_BITS, (long) Byte.SIZE * spec.modulusBytes())
                .with(Pkcs11.CKA_PUBLIC_EXPONENT, EXPONENT)
                .with(Pkcs11.CKA_VERIFY, usage == KeyUsage.SIGN_VERIFY)
                .with(Pkcs11.CKA_ENCRYPT, usage == KeyUsage.ENCRYPT_DECRYPT)
                .with(Pkcs11.CKA_WRAP, false);
    }

    @Override
    long[] mechanisms(KeyUsage usage) {
        if (usage == KeyUsage.SIGN_VERIFY) {
            return new long[] {Pkcs11.CKM_RSA_PKCS, Pkcs11.CKM_RSA_PKCS_PSS};
        }
        boolean bare =
                usage == KeyUsage.UNWRAP ? unwrapsInDaemon() : oaepSha256 == OaepSha256.DAEMON;
        return bare
                ? new long[] {Pkcs11.CKM_RSA_PKCS_OAEP, Pkcs11.CKM_RSA_X_509}
                : new long[] {Pkcs11.CKM_RSA_PKCS_OAEP};
    }

    /** A wrapping key never decrypts, unless the daemon is to see what it wraps. */
    @Override
    boolean decrypts(KeyUsage usage) {
        return super.decrypts(usage) || (usage == KeyUsage.UNWRAP && unwrapsInDaemon());
    }

    /** A private half has these numbers too; that it fits them it has to show. */
    @Override
    byte[] publicKeyOf(Lane lane, long trial, KeySpec spec) {
        SigningAlgorithm algorithm = SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256;
        byte[] input = algorithm.input(EXPONENT);
        byte[] publicKey = publicKey(lane, trial, spec);
        if (!PublicKeys.verify(publicKey, algorithm, input, sign(lane, trial, algorithm, input))) {
            throw new WrongObjectException("its numbers are not those of one pair");
        }
        return publicKey;
    }

    @Override
    Attributes numbers(Attributes template, byte[] publicKey) {
        RSAKeyParameters key = (RSAKeyParameters) PublicKeys.parse(publicKey);
        return template.with(Pkcs11.CKA_MODULUS, BigIntegers.asUnsignedByteArray(key.getModulus()));
    }

    @Override
    byte[] publicKey(Lane lane, long publicHalf, KeySpec spec) {
        Attributes given =
                cryptoki()
                        .attributes(
                                lane.session(),
                                publicHalf,
                                Pkcs11.CKA_MODULUS,
                                Pkcs11.CKA_PUBLIC_EXPONENT);
        BigInteger modulus = new BigInteger(1, given.bytes(Pkcs11.CKA_MODULUS));
        BigInteger exponent = new BigInteger(1, given.bytes(Pkcs11.CKA_PUBLIC_EXPONENT));
        if (modulus.bitLength() != (long) Byte.SIZE * spec.modulusBytes()
                || !exponent.equals(new BigInteger(1, EXPONENT))) {
            throw new WrongObjectException("the pair is not of " + spec);
        }
        return der(new RSAKeyParameters(false, modulus, exponent));
    }

    /** In the order of RSAPrivateKey. */
    @Override
    byte[] privateKey(Lane lane, long privateHalf, byte[] publicKey) {
        long[] numbers = {
            Pkcs11.CKA_MODULUS,
            Pkcs11.CKA_PUBLIC_EXPONENT,
            Pkcs11.CKA_PRIVATE_EXPONENT,
            Pkcs11.CKA_PRIME_1,
            Pkcs11.CKA_PRIME_2,
            Pkcs11.CKA_EXPONENT_1,
            Pkcs11.CKA_EXPONENT_2,
            Pkcs11.CKA_COEFFICIENT
        };
        Attributes given = cryptoki().attributes(lane.session(), privateHalf, numbers);
        byte[] key =
                PrivateKeyInfo.rsa(
                        Arrays.stream(numbers).mapToObj(given::bytes).toArray(byte[][]::new));
        given.wipe();
        return PrivateKeyInfo.of(algorithm(publicKey), key);
    }

    @Override
    boolean belongs(Lane lane, long object, Material material, byte[] publicKey) {
        return switch (material.usage()) {
            case SIGN_VERIFY -> signs(lane, object, material, publicKey);
            case UNWRAP -> unwraps(lane, object, publicKey, RSAES_OAEP_SHA_1);
            default -> deciphers(lane, object, publicKey, RSAES_OAEP_SHA_1);
        };
    }

    /** What is encrypted by an algorithm that the token turns out not to have is lost. */
    @Override
    boolean doesAll(Lane lane, long object, Material material, byte[] publicKey) {
        return switch (material.usage()) {
            case SIGN_VERIFY -> belongs(lane, object, material, publicKey);
            case UNWRAP -> unwrapsAll(lane, object, publicKey);
            default ->
                    deciphers().stream().allMatch(each -> deciphers(lane, object, publicKey, each));
        };
    }

    private boolean unwrapsAll(Lane lane, long object, byte[] publicKey) {
        boolean sha256 =
                switch (oaepSha256) {
                    case TOKEN -> unwraps(lane, object, publicKey, RSAES_OAEP_SHA_256);
                    case DAEMON ->
                            !plaintextImports
                                    || deciphers(lane, object, publicKey, RSAES_OAEP_SHA_256);
                    case NONE -> true;
                };
        return sha256 && unwraps(lane, object, publicKey, RSAES_OAEP_SHA_1);
    }

    /** A secret is unwrapped for this session, and has to answer as it does here. */
    private boolean unwraps(
            Lane lane, long object, byte[] publicKey, EncryptionAlgorithm algorithm) {
        byte[] secret = new byte[Hash.SHA_256.bytes()];
        RANDOM.nextBytes(secret);
        Mechanism oaep =
                new Mechanism.Oaep(algorithm == RSAES_OAEP_SHA_1 ? Hash.SHA_1 : Hash.SHA_256);
        Attributes template =
                SealedKey.trial(Pkcs11.CKO_SECRET_KEY, Pkcs11.CKK_GENERIC_SECRET)
                        .with(Pkcs11.CKA_EXTRACTABLE, false);
        byte[] sealed = PublicKeys.encrypt(publicKey, algorithm, secret);
        long made = cryptoki().unwrapKey(lane.session(), oaep, object, sealed, template);
        try {
            byte[] code = sign(lane, made, new Mechanism.Plain(Hash.SHA_256.hmac()), sealed);
            HMac expected = new HMac(new SHA256Digest());
            expected.init(new KeyParameter(secret));
            expected.update(sealed, 0, sealed.length);
            byte[] right = new byte[expected.getMacSize()];
            expected.doFinal(right, 0);
            return MessageDigest.isEqual(right, code);
        } finally {
            cryptoki().destroyObject(lane.session(), made);
        }
    }

    private boolean deciphers(
            Lane lane, long object, byte[] publicKey, EncryptionAlgorithm algorithm) {
        byte[] secret = new byte[Bytes16.LENGTH];
        RANDOM.nextBytes(secret);
        byte[] sealed = PublicKeys.encrypt(publicKey, algorithm, secret);
        return MessageDigest.isEqual(secret, decrypt(lane, object, algorithm, sealed));
    }

    /**
     * C_Decrypt. The caller zeroes the answer after use.
     *
     * @param ciphertext as long as the modulus
     * @throws CkrException if the padding is wrong, by whoever took it off
     */
    byte[] decrypt(Lane lane, long object, EncryptionAlgorithm algorithm, byte[] ciphertext) {
        if (algorithm == RSAES_OAEP_SHA_1) {
            return decrypt(lane, object, new Mechanism.Oaep(Hash.SHA_1), ciphertext);
        }
        return oaepSha256 == OaepSha256.DAEMON
                ? unpadded(lane, object, ciphertext)
                : decrypt(lane, object, new Mechanism.Oaep(Hash.SHA_256), ciphertext);
    }

    private byte[] decrypt(Lane lane, long object, Mechanism mechanism, byte[] ciphertext) {
        return cryptoki().decrypt(lane.session(), mechanism, object, ciphertext);
    }

    /** By SHA-256, here. The caller zeroes the answer. */
    byte[] unpadded(Lane lane, long object, byte[] ciphertext) {
        Mechanism bare = new Mechanism.Plain(Pkcs11.CKM_RSA_X_509);
        RawRsa token = new RawRsa(ciphertext.length, block -> decrypt(lane, object, bare, block));
        try {
            return token.openOaepSha256(ciphertext);
        } catch (InvalidCipherTextException e) {
            throw new CkrException("C_Decrypt", Ckr.CKR_ENCRYPTED_DATA_INVALID.code());
        }
    }

    @Override
    byte[] sign(Lane lane, long object, SigningAlgorithm algorithm, byte[] digest) {
        return switch (algorithm) {
            case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 ->
                    sign(lane, object, new Mechanism.Pss(Hash.of(algorithm.digest())), digest);
            default ->
                    sign(
                            lane,
                            object,
                            new Mechanism.Plain(Pkcs11.CKM_RSA_PKCS),
                            DigestInfos.of(algorithm, digest));
        };
    }

    private byte[] sign(Lane lane, long object, Mechanism mechanism, byte[] input) {
        return cryptoki().sign(lane.session(), mechanism, object, input);
    }
}
