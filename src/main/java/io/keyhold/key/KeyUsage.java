package io.keyhold.key;

/**
 * What a key is for; a key has exactly one usage, for life ({@code KeyUsageType}). UNWRAP is no
 * usage of AWS's: no caller sees the pairs that have it, under which imported material comes.
 */
public enum KeyUsage {
    ENCAPSULATE_DECAPSULATE,
    ENCRYPT_DECRYPT,
    GENERATE_VERIFY_MAC,
    KEY_AGREEMENT,
    SIGN_VERIFY,
    UNWRAP
}
