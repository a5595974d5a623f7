package io.keyhold.testkit;

import io.keyhold.key.WrappingAlgorithm;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** Wraps material as its owner does before it is imported, with the JDK's own cryptography. */
public final class Wrapping {

    private static final int AES_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Wrapping() {}

    /**
     * Wraps.
     *
     * @param publicKey SubjectPublicKeyInfo of the wrapping key
     */
    public static byte[] wrap(byte[] publicKey, WrappingAlgorithm algorithm, byte[] material) {
        try {
            PublicKey key =
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(publicKey));
            return algorithm.isKeyWrap()
                    ? underAes(key, algorithm, material)
                    : oaep(key, algorithm, material);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] underAes(PublicKey key, WrappingAlgorithm algorithm, byte[] material)
            throws GeneralSecurityException {
        byte[] aes = random(AES_BYTES);
        Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
        wrap.init(Cipher.WRAP_MODE, new SecretKeySpec(aes, "AES"));
        byte[] rest = wrap.wrap(new SecretKeySpec(material, "any"));
        byte[] first = oaep(key, algorithm, aes);
        return ByteBuffer.allocate(first.length + rest.length).put(first).put(rest).array();
    }

    private static byte[] oaep(PublicKey key, WrappingAlgorithm algorithm, byte[] message)
            throws GeneralSecurityException {
        String hash = algorithm.isSha256() ? "SHA-256" : "SHA-1";
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                key,
                new OAEPParameterSpec(
                        hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
        return cipher.doFinal(message);
    }

    /** So many random bytes. */
    public static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
