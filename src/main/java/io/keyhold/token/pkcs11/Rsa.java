package io.keyhold.token.pkcs11;

import static io.keyhold.key.EncryptionAlgorithm.RSAES_OAEP_SHA_1;
import static io.keyhold.key.EncryptionAlgorithm.RSAES_OAEP_SHA_256;

import io.keyhold.key.Bytes16;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
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
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.RSAKeyParameters;

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

    Rsa(Cryptoki cryptoki, Turns turns, OaepSha256 oaepSha256) {
        super(cryptoki, turns);
        this.oaepSha256 = oaepSha256;
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
        return oaepSha256 == OaepSha256.DAEMON
                ? new long[] {Pkcs11.CKM_RSA_PKCS_OAEP, Pkcs11.CKM_RSA_X_509}
                : new long[] {Pkcs11.CKM_RSA_PKCS_OAEP};
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
        return material.usage() == KeyUsage.SIGN_VERIFY
                ? signs(lane, object, material, publicKey)
                : deciphers(lane, object, publicKey, RSAES_OAEP_SHA_1);
    }

    /** What is encrypted by an algorithm that the token turns out not to have is lost. */
    @Override
    boolean doesAll(Lane lane, long object, Material material, byte[] publicKey) {
        return material.usage() == KeyUsage.SIGN_VERIFY
                ? belongs(lane, object, material, publicKey)
                : deciphers().stream().allMatch(each -> deciphers(lane, object, publicKey, each));
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

    private byte[] unpadded(Lane lane, long object, byte[] ciphertext) {
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
