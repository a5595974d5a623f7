package io.keyhold.key;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of the use of one backing key: whether it is still needed.
 *
 * @param lastEncryption empty if it never encrypted
 * @param lastDecryption empty if it never decrypted
 * @param decryptions that succeeded
 */
public record MaterialUse(
        Optional<Instant> lastEncryption, Optional<Instant> lastDecryption, long decryptions) {

    public static final MaterialUse NONE = new MaterialUse(Optional.empty(), Optional.empty(), 0);
}
