package io.keyhold.lifecycle;

import io.keyhold.key.Material;
import io.keyhold.token.TokenObject;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that was not in step between token and store.
 *
 * @param token serial number
 * @param object its CKA_ID, if it has one of ours
 * @param label its CKA_LABEL, or that which it should have
 * @param detail what is the matter with it, for a person
 */
public record Finding(Kind kind, String token, Optional<UUID> object, String label, String detail) {

    /** What is the matter. */
    public enum Kind {
        /** A crash left it half done: it was finished now. */
        FINISHED,
        /** A crash left it begun: it was forgotten now. */
        FORGOTTEN,
        /** A crash left it half done, and it cannot be finished now. */
        STUCK,
        /** A row has no object. */
        MISSING,
        /** An object without a row is labelled as a known key's material. */
        ADOPTABLE,
        /** An object is labelled as the material of a key that was deleted. */
        DELETED,
        /** Several objects are labelled as one row's. */
        DOUBLED,
        /** An object is not the material that it is labelled as. */
        WRONG,
        /** An object belongs to no key that there is. */
        UNKNOWN;

        /** Whether it needs nobody any more. */
        public boolean isSettled() {
            return this == FINISHED || this == FORGOTTEN;
        }
    }

    static Finding of(Kind kind, Material material, String detail) {
        return new Finding(
                kind,
                material.backing().token(),
                Optional.of(material.ckaId()),
                material.label(),
                detail);
    }

    static Finding of(Kind kind, TokenObject object, String detail) {
        return new Finding(kind, object.token(), object.ckaId(), object.label(), detail);
    }
}
