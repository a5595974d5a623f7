package io.keyhold.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a key signs, by AWS's names ({@code SigningAlgorithmSpec}).
 *
 * @see "AWS KMS Developer Guide, Key spec reference"
 */
public enum SigningAlgorithm {
    ECDSA_SHA_256("SHA-256"),
    ECDSA_SHA_384("SHA-384"),
    ECDSA_SHA_512("SHA-512"),
    ED25519_PH_SHA_512("SHA-512"),
    ED25519_SHA_512(""),
    ML_DSA_SHAKE_256(""),
    RSASSA_PKCS1_V1_5_SHA_256("SHA-256"),
    RSASSA_PKCS1_V1_5_SHA_384("SHA-384"),
    RSASSA_PKCS1_V1_5_SHA_512("SHA-512"),
    RSASSA_PSS_SHA_256("SHA-256"),
    RSASSA_PSS_SHA_384("SHA-384"),
    RSASSA_PSS_SHA_512("SHA-512"),
    SM2DSA("");

    private final String digest;

    SigningAlgorithm(String digest) {
        this.digest = digest;
    }

    /** The hash whose digest is signed, by its JCA name; empty if the message itself is. */
    public String digest() {
        return digest;
    }

    /** Length of that digest in bytes; 0 without one. */
    public int digestLength() {
        return digest.isEmpty()
                ? 0
                : Integer.parseInt(digest.substring(digest.indexOf('-') + 1)) / 8;
    }

    /** Whether AWS has it for a key spec, and this daemon has not. */
    public boolean isMissingFor(KeySpec spec) {
        return this == ED25519_PH_SHA_512 && spec == KeySpec.ECC_NIST_EDWARDS25519;
    }

    /** What is signed of a message: its digest, or the message itself. */
    public byte[] input(byte[] message) {
        if (digest.isEmpty()) {
            return message;
        }
        try {
            return MessageDigest.getInstance(digest).digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + digest, e);
        }
    }

    /**
     * Those of a key spec. Ed25519ph is left out: SoftHSM takes it and answers a signature of
     * another kind, and SunPKCS11 cannot carry its parameters.
     */
    public static Set<SigningAlgorithm> of(KeySpec spec) {
        return switch (spec) {
            case ECC_NIST_P256, ECC_SECG_P256K1 -> EnumSet.of(ECDSA_SHA_256);
            case ECC_NIST_P384 -> EnumSet.of(ECDSA_SHA_384);
            case ECC_NIST_P521 -> EnumSet.of(ECDSA_SHA_512);
            case ECC_NIST_EDWARDS25519 -> EnumSet.of(ED25519_SHA_512);
            case RSA_2048, RSA_3072, RSA_4096 ->
                    EnumSet.range(RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PSS_SHA_512);
            case ML_DSA_44, ML_DSA_65, ML_DSA_87 -> EnumSet.of(ML_DSA_SHAKE_256);
            case SM2 -> EnumSet.of(SM2DSA);
            default -> EnumSet.noneOf(SigningAlgorithm.class);
        };
    }
}
