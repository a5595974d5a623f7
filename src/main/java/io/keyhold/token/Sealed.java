package io.keyhold.token;

/** The IV (12 bytes) of an encryption, and its ciphertext with the tag (16 bytes) at the end. */
public record Sealed(byte[] iv, byte[] ciphertextAndTag) {}
