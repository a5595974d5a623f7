package io.keyhold.key;

import static io.keyhold.key.KeyUsage.ENCAPSULATE_DECAPSULATE;
import static io.keyhold.key.KeyUsage.ENCRYPT_DECRYPT;
import static io.keyhold.key.KeyUsage.GENERATE_VERIFY_MAC;
import static io.keyhold.key.KeyUsage.KEY_AGREEMENT;
import static io.keyhold.key.KeyUsage.SIGN_VERIFY;

import java.util.EnumSet;
import java.util.Set;

/**
 * The kinds of material a key can have, by AWS's names ({@code KeySpec}), with the usages that fit.
 *
 * @see "AWS KMS API Reference, CreateKey, KeyUsage"
 */
public enum KeySpec {
    ECC_NIST_EDWARDS25519(SIGN_VERIFY),
    ECC_NIST_P256(SIGN_VERIFY, KEY_AGREEMENT),
    ECC_NIST_P384(SIGN_VERIFY, KEY_AGREEMENT),
    ECC_NIST_P521(SIGN_VERIFY, KEY_AGREEMENT),
    ECC_SECG_P256K1(SIGN_VERIFY),
    HMAC_224(GENERATE_VERIFY_MAC),
    HMAC_256(GENERATE_VERIFY_MAC),
    HMAC_384(GENERATE_VERIFY_MAC),
    HMAC_512(GENERATE_VERIFY_MAC),
    ML_DSA_44(SIGN_VERIFY),
    ML_DSA_65(SIGN_VERIFY),
    ML_DSA_87(SIGN_VERIFY),
    ML_KEM_1024(ENCAPSULATE_DECAPSULATE),
    ML_KEM_512(ENCAPSULATE_DECAPSULATE),
    ML_KEM_768(ENCAPSULATE_DECAPSULATE),
    RSA_2048(ENCRYPT_DECRYPT, SIGN_VERIFY),
    RSA_3072(ENCRYPT_DECRYPT, SIGN_VERIFY),
    RSA_4096(ENCRYPT_DECRYPT, SIGN_VERIFY),
    SM2(ENCRYPT_DECRYPT, SIGN_VERIFY, KEY_AGREEMENT),
    SYMMETRIC_DEFAULT(ENCRYPT_DECRYPT);

    @SuppressWarnings("ImmutableEnumChecker") // nobody else has it
    private final Set<KeyUsage> usages;

    KeySpec(KeyUsage first, KeyUsage... more) {
        this.usages = EnumSet.of(first, more);
    }

    /** Whether a key of this spec may be for that. */
    public boolean allows(KeyUsage usage) {
        return usages.contains(usage);
    }

    /** Length of an RSA spec's modulus in bytes. */
    public int modulusBytes() {
        return switch (this) {
            case RSA_2048 -> 256;
            case RSA_3072 -> 384;
            case RSA_4096 -> 512;
            default -> throw new IllegalArgumentException(name());
        };
    }

    /** Whether its material is a pair, of which one half is public. */
    public boolean isAsymmetric() {
        return this != SYMMETRIC_DEFAULT && !usages.contains(GENERATE_VERIFY_MAC);
    }
}
