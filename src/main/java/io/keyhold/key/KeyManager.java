package io.keyhold.key;

/** Who manages a key: its customer, or a service ({@code KeyManagerType}). */
public enum KeyManager {
    AWS,
    CUSTOMER
}
