package io.keyhold.lifecycle;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.MaterialLabel;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Finding.Kind;
import io.keyhold.store.MetadataStore;
import io.keyhold.token.KeyStore;
import io.keyhold.token.TokenObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the token holds with the rows. An object that no row knows is never destroyed, and
 * a missing object deletes no row.
 */
final class Inventory {

    private static final Logger log = LoggerFactory.getLogger(Inventory.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;

    Inventory(MetadataStore store, KeyStore keyStore, Keyring keyring) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
    }

    /**
     * Callers make keys meanwhile, so rows are read twice: an object must be there if its row was
     * active before the objects were listed, and its row must be there afterwards.
     */
    List<Finding> compare() {
        List<KeyRecord> before = store.keys();
        List<TokenObject> objects = keyStore.objects();
        List<Finding> found = missing(before, objects);
        List<Finding> unknown = unknown(rows(), objects);
        if (unknown.isEmpty()) {
            return found;
        }
        // Material is imported and deleted meanwhile: only what stays so is worth a word.
        List<Finding> still = unknown(rows(), keyStore.objects());
        found.addAll(unknown.stream().filter(still::contains).toList());
        return found;
    }

    /** Lets all material that is there show that it is what its row says: each takes its time. */
    List<Finding> prove() {
        return keyring.all()
                .flatMap(key -> key.materials().stream())
                .filter(material -> !keyring.missing().contains(material.ckaId()))
                .filter(material -> !answers(material))
                .map(
                        material ->
                                Finding.of(
                                        Kind.WRONG,
                                        material,
                                        "is in its token, but does not answer as it did when it"
                                                + " was made; it is not used"))
                .toList();
    }

    /** What is there twice is named already. */
    private boolean answers(Material material) {
        try {
            return keyStore.answers(material);
        } catch (KmsFault e) {
            requireToken(e);
            return true;
        }
    }

    private boolean holds(Material material) {
        try {
            return keyStore.holds(material);
        } catch (KmsFault e) {
            requireToken(e);
            log.warn("{}: {}", material.label(), e.text());
            return false;
        }
    }

    /** One object's trouble is not that of the others, unless the token is gone. */
    private void requireToken(KmsFault e) {
        if (e.name() == FaultName.KeyUnavailableException || !keyStore.available()) {
            throw e;
        }
    }

    /** Every row there is, by its CKA_ID. */
    private Map<UUID, Material> rows() {
        List<Material> all = new ArrayList<>();
        store.unfinished().forEach(each -> all.add(each.material()));
        store.doomed().forEach(key -> all.addAll(key.materials()));
        store.keys().forEach(key -> all.addAll(key.materials()));
        return all.stream().collect(toMap(Material::ckaId, each -> each, (one, other) -> other));
    }

    private List<Finding> missing(List<KeyRecord> keys, List<TokenObject> objects) {
        Map<UUID, List<String>> labels =
                objects.stream()
                        .filter(object -> object.ckaId().isPresent() && !object.isPublicHalf())
                        .collect(
                                groupingBy(
                                        object -> object.ckaId().orElseThrow(),
                                        mapping(TokenObject::label, toList())));
        List<Finding> found = new ArrayList<>();
        Set<UUID> missing = new HashSet<>();
        for (KeyRecord key : keys) {
            for (Material material : key.materials()) {
                boolean listed =
                        labels.getOrDefault(material.ckaId(), List.of()).stream()
                                .anyMatch(material::isNamedBy);
                if (listed || isThereNow(key.arn(), material)) {
                    continue;
                }
                missing.add(material.ckaId());
                if (key.usage() != KeyUsage.UNWRAP) { // which is not for long in any case
                    found.add(
                            Finding.of(
                                    Kind.MISSING,
                                    material,
                                    "is not in its token; data under it cannot be decrypted until"
                                            + " it is back"));
                }
            }
        }
        keyring.setMissing(missing, store::key);
        return found;
    }

    /** Whether it was deleted, or imported again, after the objects were listed. */
    private boolean isThereNow(Arn key, Material material) {
        if (!material.isImported()) {
            return false;
        }
        return keyring.underLock(
                key,
                () ->
                        store.key(key).stream()
                                        .flatMap(now -> now.materials().stream())
                                        .noneMatch(now -> now.ckaId().equals(material.ckaId()))
                                || holds(material));
    }

    /**
     * Looks whether what was missing is back.
     *
     * @throws KmsFault KeyUnavailableException if the token has to begin anew to tell
     */
    void lookForMissing() {
        Set<UUID> still = new HashSet<>(keyring.missing());
        if (still.isEmpty()) {
            return;
        }
        keyring.all()
                .flatMap(key -> key.materials().stream())
                .filter(material -> still.contains(material.ckaId()))
                .filter(this::holds)
                .forEach(
                        material -> {
                            log.info("{} is back", material.label());
                            still.remove(material.ckaId());
                        });
        keyring.setMissing(still, store::key);
    }

    private List<Finding> unknown(Map<UUID, Material> rows, List<TokenObject> objects) {
        Map<KeyId, Instant> deleted = deleted();
        Set<Half> met = new HashSet<>();
        List<Finding> found = new ArrayList<>();
        for (TokenObject object : objects) {
            Optional<Material> row = object.ckaId().map(rows::get);
            if (row.isEmpty()) {
                found.add(unknown(object, deleted));
            } else if (!row.get().isNamedBy(object.label())) {
                found.add(
                        Finding.of(
                                Kind.UNKNOWN,
                                object,
                                "has the CKA_ID of a key's material, and is labelled otherwise; it"
                                        + " is left alone"));
            } else if (!met.add(new Half(row.get().ckaId(), object.isPublicHalf()))) {
                found.add(
                        Finding.of(
                                Kind.DOUBLED,
                                object,
                                "is there more than once; it is not used before only the right one"
                                        + " is left"));
            }
        }
        return found;
    }

    /** When keys were deleted. */
    private Map<KeyId, Instant> deleted() {
        Map<KeyId, Instant> deleted = new HashMap<>();
        for (MetadataStore.Tombstone grave : store.tombstones()) {
            grave.key()
                    .keyId()
                    .flatMap(KeyId::parse)
                    .ifPresent(id -> deleted.put(id, grave.deletedAt()));
        }
        return deleted;
    }

    private Finding unknown(TokenObject object, Map<KeyId, Instant> deleted) {
        Optional<KeyId> of =
                object.ckaId()
                        .flatMap(id -> MaterialLabel.parse(object.label()))
                        .map(MaterialLabel::key);
        if (of.isPresent() && deleted.containsKey(of.get())) {
            return Finding.of(
                    Kind.DELETED,
                    object,
                    "was left of a key that was deleted at " + deleted.get(of.get()));
        }
        Optional<KeyRecord> key = of.flatMap(id -> Adoption.key(keyring, id));
        if (key.filter(each -> each.origin() == KeyOrigin.EXTERNAL).isPresent()) {
            return Finding.of(
                    Kind.UNKNOWN,
                    object,
                    "is imported material that its key does not know, or no more; it is left alone,"
                            + " and can be imported again");
        }
        return key.isPresent()
                ? Finding.of(
                        Kind.ADOPTABLE,
                        object,
                        "is no material of its key, and may be: keyhold doctor --adopt takes it in,"
                                + " for decryption only")
                : Finding.of(
                        Kind.UNKNOWN, object, "is an object that no key knows; it is left alone");
    }

    /** Of material that is a pair; other material is like the half that is not public. */
    private record Half(UUID ckaId, boolean isPublic) {}
}
