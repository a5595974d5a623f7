package io.keyhold.token;

import java.util.Arrays;

/**
 * A pair for use outside, which no token has. Whoever has it wipes it after use.
 *
 * @param privateKey PKCS#8 PrivateKeyInfo, DER (RFC 5958)
 * @param publicKey SubjectPublicKeyInfo, DER (RFC 5280)
 */
public record DataKeyPair(byte[] privateKey, byte[] publicKey) {

    public void wipe() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
