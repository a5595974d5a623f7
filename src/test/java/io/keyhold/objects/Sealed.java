package io.keyhold.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM under a key that the store has in memory: IV, ciphertext, tag. */
final class Sealed {

    /** What it adds to a plaintext, in bytes. */
    static final int OVERHEAD = 12 + 16;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int IV = 12;

    private Sealed() {}

    static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /**
     * @param bound must be said again to open it
     */
    static byte[] seal(byte[] key, byte[] plaintext, String bound) throws GeneralSecurityException {
        byte[] iv = random(IV);
        byte[] sealed = Arrays.copyOf(iv, plaintext.length + OVERHEAD);
        cipher(Cipher.ENCRYPT_MODE, key, iv, bound)
                .doFinal(plaintext, 0, plaintext.length, sealed, IV);
        return sealed;
    }

    static byte[] open(byte[] key, byte[] sealed, String bound) throws GeneralSecurityException {
        if (sealed.length < OVERHEAD) {
            throw new GeneralSecurityException("not whole");
        }
        return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, IV), bound)
                .doFinal(sealed, IV, sealed.length - IV);
    }

    private static Cipher cipher(int mode, byte[] key, byte[] iv, String bound)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
        cipher.updateAAD(bound.getBytes(UTF_8));
        return cipher;
    }
}
