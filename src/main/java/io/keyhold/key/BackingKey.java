package io.keyhold.key;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a key's material: one token object.
 *
 * @param id names the material in ciphertexts; the same in every replica of a multi-Region key
 * @param generation 1 for the first material, then one more with each rotation
 * @param ckaId the token object's CKA_ID, unique
 * @param token serial number of the token that holds the object
 * @param canary the material's known answer; null while the row is being created
 * @param rotation what made this the current material; null for the first
 * @param keyMaterialId what callers see, 64 hexadecimal digits
 */
public record BackingKey(
        UUID id,
        int generation,
        UUID ckaId,
        String token,
        BackingKeyState state,
        @Nullable Canary canary,
        @Nullable RotationType rotation,
        Instant createdAt,
        String keyMaterialId) {

    /** Whether a caller asked for this material. */
    public boolean isOnDemand() {
        return rotation == RotationType.ON_DEMAND;
    }
}
