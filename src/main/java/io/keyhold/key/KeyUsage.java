package io.keyhold.key;

/** What a key is for; a key has exactly one usage, for life ({@code KeyUsageType}). */
public enum KeyUsage {
    ENCAPSULATE_DECAPSULATE,
    ENCRYPT_DECRYPT,
    GENERATE_VERIFY_MAC,
    KEY_AGREEMENT,
    SIGN_VERIFY
}
