package io.keyhold.identity;

import java.util.Optional;

/** Encrypts small secrets under a key of the daemon's own, for it alone to read. */
public interface Seal {

    /**
     * Encrypts a secret.
     *
     * @param purpose what it is for: only {@link #open} for the same purpose gives it back
     */
    byte[] seal(String purpose, byte[] secret);

    /**
     * The secret, if this is what {@link #seal} made for that purpose, unaltered. The caller zeroes
     * it after use.
     */
    Optional<byte[]> open(String purpose, byte[] sealed);
}
