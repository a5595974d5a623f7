package io.keyhold.token;

/** A new secret, which the caller zeroes after use, and what the holder of a pair makes it of. */
public record Encapsulated(byte[] secret, byte[] ciphertext) {}
