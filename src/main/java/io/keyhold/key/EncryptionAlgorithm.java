package io.keyhold.key;

import java.util.EnumSet;
import java.util.Set;

/** How a key encrypts, by AWS's names ({@code EncryptionAlgorithmSpec}). */
public enum EncryptionAlgorithm {
    RSAES_OAEP_SHA_1(20),
    RSAES_OAEP_SHA_256(32),
    SM2PKE(0),
    SYMMETRIC_DEFAULT(0);

    private final int hashBytes;

    EncryptionAlgorithm(int hashBytes) {
        this.hashBytes = hashBytes;
    }

    /** Those of a key spec, whatever a token can do. */
    public static Set<EncryptionAlgorithm> of(KeySpec spec) {
        return switch (spec) {
            case SYMMETRIC_DEFAULT -> EnumSet.of(SYMMETRIC_DEFAULT);
            case RSA_2048, RSA_3072, RSA_4096 -> EnumSet.of(RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256);
            case SM2 -> EnumSet.of(SM2PKE);
            default -> EnumSet.noneOf(EncryptionAlgorithm.class);
        };
    }

    /**
     * The most bytes that OAEP has room for.
     *
     * @param modulusBytes length of the modulus
     * @see "RFC 8017, section 7.1.1"
     */
    public int room(int modulusBytes) {
        return modulusBytes - 2 * hashBytes - 2;
    }
}
