package io.keyhold.token;

import java.util.Optional;
import java.util.UUID;

/**
 * An object that was seen in a token.
 *
 * @param ckaId its CKA_ID; empty if that has not 16 bytes, so that it is none of ours
 * @param label its CKA_LABEL
 */
public record TokenObject(String token, Optional<UUID> ckaId, String label) {}
