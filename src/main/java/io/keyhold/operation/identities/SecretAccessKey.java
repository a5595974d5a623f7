package io.keyhold.operation.identities;

import io.keyhold.token.KeyStore;
import java.util.Arrays;
import java.util.Base64;

/** What signs requests: 40 characters, from the token's own generator. */
final class SecretAccessKey {

    private static final int RANDOM_BYTES = 30;

    private SecretAccessKey() {}

    /** A new one. The caller zeroes it after use. */
    static byte[] random(KeyStore keyStore) {
        byte[] bytes = keyStore.random(RANDOM_BYTES);
        try {
            return Base64.getEncoder().encode(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
