package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.ImportType;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import io.keyhold.token.KeyStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Material from outside becomes a key's. Its names are made of itself: whenever the same material
 * comes again, even to rows that know nothing of it any more, it is found by the same ciphertexts.
 */
final class Importing {

    private static final Logger log = LoggerFactory.getLogger(Importing.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final Materials materials;
    private final EncryptionCounts counts;
    private final Reconciliation reconciliation;

    Importing(
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            Materials materials,
            EncryptionCounts counts,
            Reconciliation reconciliation) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.materials = materials;
        this.counts = counts;
        this.reconciliation = reconciliation;
    }

    /** Imports material; when this returns, the key has it. */
    BackingKey run(Arn key, NewMaterial wanted) {
        return keyring.locked(
                key,
                now -> {
                    now.require(StateRule.IMPORT);
                    undoEarlier(key);
                    return run(keyring.get(key), wanted);
                });
    }

    /** What an earlier import has begun and not ended. The caller holds the key's lock. */
    void undoEarlier(Arn key) {
        for (Unfinished unfinished : store.unfinished()) {
            if (unfinished.key().arn().equals(key)) {
                reconciliation.undo(unfinished);
            }
        }
    }

    private BackingKey run(KeyRecord key, NewMaterial wanted) {
        byte[] identity = keyStore.identify(key.spec(), wanted.wrapped());
        String id = Materials.importedId(key.id(), identity);
        Optional<BackingKey> known = key.ofKeyMaterial(id);
        requireFit(key, wanted, id, known);
        ImportTerms terms = terms(wanted, known);
        if (known.filter(this::isThere).isPresent()) {
            KeyRecord changed = store.setTerms(key.arn(), known.get().id(), terms);
            keyring.publish(changed);
            return changed.ofKeyMaterial(id).orElseThrow();
        }
        return make(key, begin(key, id, known, terms), wanted, identity, terms);
    }

    /** What was lost from its token can be imported again, too. */
    private boolean isThere(BackingKey backing) {
        return backing.isPresent() && !keyring.missing().contains(backing.ckaId());
    }

    private static ImportTerms terms(NewMaterial wanted, Optional<BackingKey> known) {
        String before =
                known.flatMap(BackingKey::imported).map(ImportTerms::description).orElse("");
        return new ImportTerms(wanted.description().orElse(before), wanted.validTo());
    }

    private static void requireFit(
            KeyRecord key, NewMaterial wanted, String id, Optional<BackingKey> known) {
        if (wanted.keyMaterialId().filter(expected -> !expected.equals(id)).isPresent()) {
            throw incorrect("is not the one that KeyMaterialId names", id);
        }
        ImportType usual =
                key.backingKeys().isEmpty()
                        ? ImportType.NEW_KEY_MATERIAL
                        : ImportType.EXISTING_KEY_MATERIAL;
        boolean isNew = wanted.type().orElse(usual) == ImportType.NEW_KEY_MATERIAL;
        if (!isNew && known.isEmpty()) {
            throw incorrect("was never imported into this KMS key", id);
        }
        if (isNew && known.isPresent()) {
            throw incorrect(
                    "was imported into this KMS key before: its ImportType is"
                            + " EXISTING_KEY_MATERIAL",
                    id);
        }
        if (isNew) {
            requireRoom(key, id);
        }
    }

    private static void requireRoom(KeyRecord key, String id) {
        if (!key.backingKeys().isEmpty() && key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw incorrect("is not that of this KMS key, which can have no other", id);
        }
        key.pendingRotation()
                .ifPresent(
                        other -> {
                            throw KmsFault.of(
                                    FaultName.KMSInvalidStateException,
                                    "New key material (id: %s) cannot be imported into KMS key %s,"
                                            + " because another key material (id: %s) is pending"
                                            + " rotation.",
                                    id,
                                    key.id(),
                                    other.keyMaterialId());
                        });
    }

    private static KmsFault incorrect(String why, String id) {
        return KmsFault.of(
                FaultName.IncorrectKeyMaterialException, "Key material (id: %s) %s.", id, why);
    }

    private BackingKey begin(
            KeyRecord key, String id, Optional<BackingKey> known, ImportTerms terms) {
        String token = keyStore.tokenForNewMaterial();
        if (known.isEmpty()) {
            int generation =
                    key.backingKeys().isEmpty() ? 1 : key.backingKeys().getLast().generation() + 1;
            BackingKey row = materials.importDraft(id, generation, token, terms);
            store.beginBackingKey(key.arn(), row);
            return row;
        }
        BackingKey before = known.get();
        if (before.isInToken()) {
            keyring.publish(store.beginMaterialDeletion(key.arn(), before.id()));
        }
        if (before.state() != BackingKeyState.PENDING_IMPORT) {
            keyring.publish(store.endMaterialDeletion(key.arn(), before.id(), true));
        }
        store.beginImportAgain(key.arn(), before.id(), token);
        return before.on(token);
    }

    private BackingKey make(
            KeyRecord key,
            BackingKey backing,
            NewMaterial wanted,
            byte[] identity,
            ImportTerms terms) {
        CrashPoint.MATERIAL_BEGUN.reached();
        Canary canary = unwrap(key, key.material(backing), wanted, identity);
        CrashPoint.MATERIAL_GENERATED.reached();
        KeyRecord now =
                store.activateImported(
                        key.arn(),
                        backing.id(),
                        canary,
                        terms,
                        EncryptionCounts.FIRST,
                        key.state() == KeyState.PendingImport);
        CrashPoint.MATERIAL_ACTIVATED.reached();
        counts.begin(backing);
        keyring.setFound(backing.ckaId());
        keyring.publish(now);
        return now.backingKey(backing.id()).orElseThrow();
    }

    private Canary unwrap(KeyRecord key, Material material, NewMaterial wanted, byte[] identity) {
        try {
            Canary canary = keyStore.unwrap(material, wanted.wrapped(), identity);
            if (material.backing().canary() != null && !keyStore.answers(material)) {
                throw incorrect(
                        "does not answer as it did before", material.backing().keyMaterialId());
            }
            return canary;
        } catch (KmsFault e) {
            takeBack(key.arn(), material);
            throw e;
        }
    }

    /** The importer has the material still; what cannot be undone now, reconciliation undoes. */
    private void takeBack(Arn key, Material material) {
        try {
            keyStore.destroy(material);
            store.discard(key, material.backing().id());
            store.key(key).ifPresent(keyring::publish);
        } catch (KmsFault e) {
            log.warn("{}: its import is undone later: {}", material.label(), e.text());
        }
    }
}
