package io.keyhold.key;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a key's material: one token object.
 *
 * @param id names the material in ciphertexts; the same in every replica of a multi-Region key
 * @param generation 1 for the first material, then one more with each rotation
 * @param ckaId the token object's CKA_ID, unique
 * @param token serial number of the token that holds the object
 * @param canary the material's known answer; null while it is being made for the first time
 * @param rotation what made this the current material; null for the first
 * @param createdAt when it was made or imported; once it was rotated to, when that was
 * @param keyMaterialId what callers see, 64 hexadecimal digits
 * @param imported what was said of imported material; empty for what a token made
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
        String keyMaterialId,
        Optional<ImportTerms> imported) {

    /** Whether it can be used, as far as the rows know. */
    public boolean isPresent() {
        return state == BackingKeyState.ACTIVE;
    }

    /** Whether its object is in the token, likewise. */
    public boolean isInToken() {
        return isPresent() || state == BackingKeyState.EXPIRED;
    }

    /** The same in another token. */
    public BackingKey on(String other) {
        return new BackingKey(
                id,
                generation,
                ckaId,
                other,
                state,
                canary,
                rotation,
                createdAt,
                keyMaterialId,
                imported);
    }

    /** When it is to be deleted, if it is there and expires. */
    public Optional<Instant> expires() {
        return isInToken() ? imported.flatMap(ImportTerms::validTo) : Optional.empty();
    }

    /** Whether a caller asked for this material. */
    public boolean isOnDemand() {
        return rotation == RotationType.ON_DEMAND;
    }
}
