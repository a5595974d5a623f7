package io.keyhold.key;

import java.util.UUID;

/**
 * One generation of a key's material, with what a token has to know of the key.
 *
 * @param key the key's ID
 * @param spec what kind of material it is
 * @param usage what it is for
 */
public record Material(KeyId key, KeySpec spec, KeyUsage usage, BackingKey backing) {

    /** Whether it came from outside. */
    public boolean isImported() {
        return backing.imported().isPresent();
    }

    /** The CKA_ID of its objects. */
    public UUID ckaId() {
        return backing.ckaId();
    }

    /** The CKA_LABEL of its objects. */
    public String label() {
        return new MaterialLabel(key, backing.generation(), backing.id()).toString();
    }

    /**
     * Whether a CKA_LABEL says that its object is this material: the generation in it may be
     * another one, if it was lost and adopted.
     */
    public boolean isNamedBy(String label) {
        return MaterialLabel.parse(label)
                .filter(name -> name.key().equals(key) && name.backingId().equals(backing.id()))
                .isPresent();
    }
}
