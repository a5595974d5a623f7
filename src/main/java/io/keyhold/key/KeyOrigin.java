package io.keyhold.key;

/** Where a key's material comes from ({@code OriginType}). */
public enum KeyOrigin {
    AWS_CLOUDHSM,
    AWS_KMS,
    EXTERNAL,
    EXTERNAL_KEY_STORE
}
