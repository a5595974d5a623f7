package io.keyhold.key;

/** The kinds of material a key can have, by AWS's names ({@code KeySpec}). */
public enum KeySpec {
    ECC_NIST_EDWARDS25519,
    ECC_NIST_P256,
    ECC_NIST_P384,
    ECC_NIST_P521,
    ECC_SECG_P256K1,
    HMAC_224,
    HMAC_256,
    HMAC_384,
    HMAC_512,
    ML_DSA_44,
    ML_DSA_65,
    ML_DSA_87,
    ML_KEM_1024,
    ML_KEM_512,
    ML_KEM_768,
    RSA_2048,
    RSA_3072,
    RSA_4096,
    SM2,
    SYMMETRIC_DEFAULT
}
