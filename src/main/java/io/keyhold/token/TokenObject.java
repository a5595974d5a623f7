package io.keyhold.token;

import java.util.Optional;
import java.util.UUID;

/**
 * An object that was seen in a token.
 *
 * @param ckaId its CKA_ID; empty if that has not 16 bytes, so that it is none of ours
 * @param label its CKA_LABEL
 * @param isPublicHalf whether it is the public half of a pair, which alone is of no use
 */
public record TokenObject(String token, Optional<UUID> ckaId, String label, boolean isPublicHalf) {}
