package io.keyhold.key;

/**
 * How material comes wrapped that is imported, by AWS's names ({@code AlgorithmSpec}): by RSA
 * alone, or under an AES key that RSA wraps.
 *
 * @see "AWS KMS Developer Guide, Wrapping public key specifications; OASIS PKCS #11 v3.1, sections
 *     6.1.8 and 6.1.23"
 */
public enum WrappingAlgorithm {
    RSAES_OAEP_SHA_1(false, false),
    RSAES_OAEP_SHA_256(true, false),
    RSA_AES_KEY_WRAP_SHA_1(false, true),
    RSA_AES_KEY_WRAP_SHA_256(true, true);

    private final boolean sha256;
    private final boolean keyWrap;

    WrappingAlgorithm(boolean sha256, boolean keyWrap) {
        this.sha256 = sha256;
        this.keyWrap = keyWrap;
    }

    /** Whether OAEP is with SHA-256; else it is with SHA-1. */
    public boolean isSha256() {
        return sha256;
    }

    /**
     * Whether the first block wraps an AES key, and what follows is the material under that, by AES
     * key wrap with padding (RFC 5649).
     */
    public boolean isKeyWrap() {
        return keyWrap;
    }
}
