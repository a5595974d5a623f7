package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.MaterialLabel;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.token.KeyStore;
import io.keyhold.token.TokenObject;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes an object in whose row was lost, as its label says, because the database is an older copy.
 * It decrypts what was encrypted under it, and never encrypts: nobody knows how often it has.
 */
final class Adoption {

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final Clocks clocks;

    Adoption(MetadataStore store, KeyStore keyStore, Keyring keyring, Clocks clocks) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.clocks = clocks;
    }

    /**
     * Takes an object in.
     *
     * @param ckaId the object's
     * @return the key with the material
     * @throws KmsFault NotFoundException if there is no such object, ConflictException if it is not
     *     one that can be taken in
     */
    KeyRecord adopt(UUID ckaId) {
        TokenObject object =
                keyStore.objects().stream()
                        .filter(each -> each.ckaId().filter(ckaId::equals).isPresent())
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        KmsFault.of(
                                                FaultName.NotFoundException,
                                                "The token has no object with CKA_ID %s.",
                                                ckaId));
        MaterialLabel label =
                MaterialLabel.parse(object.label())
                        .orElseThrow(() -> conflict(object, "has no label of Keyhold's"));
        KeyRecord key =
                key(keyring, label.key())
                        .orElseThrow(() -> conflict(object, "is labelled for an unknown key"));
        return keyring.change(key.arn(), now -> adopt(now, label, object, ckaId));
    }

    /** The key of an ID, in whatever Region. */
    static Optional<KeyRecord> key(Keyring keyring, KeyId id) {
        return keyring.all().filter(key -> key.id().equals(id)).findFirst();
    }

    private KeyRecord adopt(KeyRecord key, MaterialLabel label, TokenObject object, UUID ckaId) {
        if (key.origin() == KeyOrigin.EXTERNAL) {
            throw conflict(object, "is imported material: import it again");
        }
        if (key.backingKey(label.backingId()).isPresent()) {
            throw conflict(object, "is material that its key has already");
        }
        BackingKey labelled = row(key, label, label.generation(), object, ckaId);
        Canary canary =
                keyStore.inspect(key.material(labelled))
                        .orElseThrow(() -> conflict(object, "has vanished"));
        boolean taken =
                key.backingKeys().stream()
                        .anyMatch(each -> each.generation() == label.generation());
        int generation = taken ? key.backingKeys().getLast().generation() + 1 : label.generation();
        return store.adopt(key.arn(), row(key, label, generation, object, ckaId), canary);
    }

    private BackingKey row(
            KeyRecord key, MaterialLabel label, int generation, TokenObject object, UUID ckaId) {
        return new BackingKey(
                label.backingId(),
                generation,
                ckaId,
                object.token(),
                BackingKeyState.CREATING,
                null,
                null,
                clocks.now(),
                Materials.keyMaterialId(key.id(), label.backingId()),
                Optional.empty());
    }

    private static KmsFault conflict(TokenObject object, String why) {
        return KmsFault.of(FaultName.ConflictException, "Object '%s' %s.", object.label(), why);
    }
}
