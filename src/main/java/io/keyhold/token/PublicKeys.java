package io.keyhold.token;

import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.SigningAlgorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.bouncycastle.crypto.engines.RSAEngine;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * What is done with the public half of a pair: no secret is involved, so that no token is needed.
 * Signatures are in AWS's encodings: ECDSA as DER, others raw.
 *
 * @see "NIST FIPS 186-5; RFC 8017, sections 8.1.2 and 8.2.2; RFC 8032"
 */
public final class PublicKeys {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte TRAILER = (byte) 0xbc;

    private PublicKeys() {}

    /**
     * Whether a signature is right; false as well if it is none at all.
     *
     * @param publicKey SubjectPublicKeyInfo, DER, of a key that can do the algorithm
     * @param input the digest, or the message if the algorithm has none
     */
    public static boolean verify(
            byte[] publicKey, SigningAlgorithm algorithm, byte[] input, byte[] signature) {
        AsymmetricKeyParameter key = parse(publicKey);
        return switch (key) {
            case ECPublicKeyParameters curve -> ecdsa(curve, input, signature);
            case Ed25519PublicKeyParameters edwards -> ed25519(edwards, input, signature);
            case RSAKeyParameters rsa -> rsa(rsa, algorithm, input, signature);
            default -> throw new IllegalArgumentException(key.getClass().getName());
        };
    }

    /**
     * Encrypts for the holder of an RSA pair, by OAEP without a label.
     *
     * @param plaintext not longer than {@link EncryptionAlgorithm#room} says
     * @return as long as the modulus
     * @see "RFC 8017, section 7.1"
     */
    public static byte[] encrypt(
            byte[] publicKey, EncryptionAlgorithm algorithm, byte[] plaintext) {
        Digest hash =
                algorithm == EncryptionAlgorithm.RSAES_OAEP_SHA_1
                        ? new SHA1Digest()
                        : new SHA256Digest();
        OAEPEncoding oaep = new OAEPEncoding(new RSAEngine(), hash);
        oaep.init(true, new ParametersWithRandom(parse(publicKey), RANDOM));
        try {
            return oaep.processBlock(plaintext, 0, plaintext.length);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("only deciphering checks", e);
        }
    }

    /**
     * The public key in a SubjectPublicKeyInfo.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static AsymmetricKeyParameter parse(byte[] publicKey) {
        try {
            return PublicKeyFactory.createKey(publicKey);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("no public key", e);
        }
    }

    private static boolean ecdsa(ECPublicKeyParameters key, byte[] digest, byte[] signature) {
        BigInteger[] numbers;
        try {
            BigInteger order = key.getParameters().getN();
            numbers = StandardDSAEncoding.INSTANCE.decode(order, signature);
        } catch (IOException | RuntimeException e) {
            return false;
        }
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, key);
        return verifier.verifySignature(digest, numbers[0], numbers[1]);
    }

    private static boolean ed25519(
            Ed25519PublicKeyParameters key, byte[] message, byte[] signature) {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(false, key);
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    private static boolean rsa(
            RSAKeyParameters key, SigningAlgorithm algorithm, byte[] digest, byte[] signature) {
        BigInteger number = new BigInteger(1, signature);
        if (signature.length != (key.getModulus().bitLength() + 7) / 8
                || number.compareTo(key.getModulus()) >= 0) {
            return false;
        }
        return switch (algorithm) {
            case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 ->
                    pss(key, hash(algorithm), digest, signature);
            default -> pkcs1(key, DigestInfos.of(algorithm, digest), signature);
        };
    }

    private static boolean pss(RSAKeyParameters key, Digest hash, byte[] digest, byte[] signature) {
        PSSSigner verifier =
                PSSSigner.createRawSigner(
                        new RSAEngine(), hash, hash, hash.getDigestSize(), TRAILER);
        verifier.init(false, key);
        verifier.update(digest, 0, digest.length);
        return verifier.verifySignature(signature);
    }

    /** The encoded message is made once more and compared whole, as RFC 8017 has it. */
    private static boolean pkcs1(RSAKeyParameters key, byte[] digestInfo, byte[] signature) {
        byte[] encoded = new byte[signature.length - 1]; // without its leading zero
        Arrays.fill(encoded, (byte) 0xff);
        encoded[0] = 1;
        encoded[encoded.length - digestInfo.length - 1] = 0;
        System.arraycopy(
                digestInfo, 0, encoded, encoded.length - digestInfo.length, digestInfo.length);
        RSAEngine engine = new RSAEngine();
        engine.init(false, key);
        byte[] opened = engine.processBlock(signature, 0, signature.length);
        return MessageDigest.isEqual(encoded, opened);
    }

    private static Digest hash(SigningAlgorithm algorithm) {
        return switch (algorithm.digest()) {
            case "SHA-256" -> new SHA256Digest();
            case "SHA-384" -> new SHA384Digest();
            case "SHA-512" -> new SHA512Digest();
            default -> throw new IllegalArgumentException(algorithm.name());
        };
    }
}
