package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Canary;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.MaterialLabel;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Finding.Kind;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import io.keyhold.token.KeyStore;
import io.keyhold.token.TokenObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes good what a crash left, by CKA_ID, and compares token and store. Material whose object was
 * made is taken into use, even if no caller was told: finishing is always safe, while destroying
 * would lose data if this were an old copy of the database. An object that no row knows is never
 * destroyed, and a missing object deletes no row.
 */
final class Reconciliation {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Materials materials;
    private final Deletion deletion;
    private final Keyring keyring;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean done;
    private volatile boolean broken;

    Reconciliation(
            MetadataStore store,
            KeyStore keyStore,
            Materials materials,
            Deletion deletion,
            Keyring keyring) {
        this.store = store;
        this.keyStore = keyStore;
        this.materials = materials;
        this.deletion = deletion;
        this.keyring = keyring;
    }

    /**
     * Does all of it.
     *
     * @return what was not in step
     * @throws KmsFault KeyUnavailableException if the token went away meanwhile
     */
    List<Finding> run() {
        turn.lock();
        try {
            broken = true; // unless it comes to its end
            List<Finding> found = new ArrayList<>();
            store.unfinished().forEach(each -> settleLocked(each).ifPresent(found::add));
            deletion.finishAll();
            found.addAll(compare());
            found.forEach(Reconciliation::report);
            done = true;
            broken = false;
            return found;
        } finally {
            turn.unlock();
        }
    }

    boolean done() {
        return done;
    }

    private Optional<Finding> settleLocked(Unfinished unfinished) {
        ReentrantLock lock = keyring.lock(unfinished.key().arn());
        lock.lock();
        try {
            // Somebody may have finished it while this waited for the lock.
            return store.unfinished().contains(unfinished)
                    ? Optional.of(outcome(unfinished))
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Finding outcome(Unfinished unfinished) {
        try {
            return settle(unfinished).isPresent()
                    ? finding(
                            Kind.FINISHED,
                            unfinished.key().id(),
                            unfinished.backing(),
                            "was made, but not taken into use: it is now")
                    : finding(
                            Kind.FORGOTTEN,
                            unfinished.key().id(),
                            unfinished.backing(),
                            "was begun, but never made: its row is gone");
        } catch (KmsFault e) {
            if (!keyStore.available()) {
                throw e;
            }
            return finding(
                    Kind.STUCK,
                    unfinished.key().id(),
                    unfinished.backing(),
                    "stays unfinished: " + e.text());
        }
    }

    /**
     * Finishes a creation whose object is there, forgets one whose object was never made. The
     * caller holds the key's lock.
     *
     * @return the key with the new material; empty if there was none
     */
    Optional<KeyRecord> settle(Unfinished unfinished) {
        KeyRecord key = unfinished.key();
        BackingKey backing = unfinished.backing();
        Optional<Canary> canary = keyStore.find(key.id(), backing);
        if (canary.isPresent()) {
            return Optional.of(materials.activate(key, backing, canary.get()));
        }
        store.discard(key.arn(), backing.id());
        return Optional.empty();
    }

    /**
     * Callers make keys meanwhile, so rows are read twice: an object must be there if its row was
     * active before the objects were listed, and its row must be there afterwards.
     */
    private List<Finding> compare() {
        List<KeyRecord> before = store.keys();
        List<TokenObject> objects = keyStore.objects();
        Set<UUID> rows = new HashSet<>();
        store.unfinished().forEach(each -> rows.add(each.backing().ckaId()));
        store.doomed().forEach(key -> key.backingKeys().forEach(row -> rows.add(row.ckaId())));
        store.keys().forEach(key -> key.backingKeys().forEach(row -> rows.add(row.ckaId())));
        List<Finding> found = missing(before, objects);
        found.addAll(unknown(rows, objects));
        return found;
    }

    private List<Finding> missing(List<KeyRecord> keys, List<TokenObject> objects) {
        Set<UUID> present = new HashSet<>();
        objects.forEach(object -> object.ckaId().ifPresent(present::add));
        List<Finding> found = new ArrayList<>();
        Set<UUID> missing = new HashSet<>();
        for (KeyRecord key : keys) {
            for (BackingKey backing : key.backingKeys()) {
                if (!present.contains(backing.ckaId())) {
                    missing.add(backing.ckaId());
                    found.add(
                            finding(
                                    Kind.MISSING,
                                    key.id(),
                                    backing,
                                    "is not in its token; data under it cannot be decrypted until"
                                            + " it is back"));
                }
            }
        }
        keyring.setMissing(missing, store::key);
        return found;
    }

    /**
     * Looks whether what was missing is back: cheap, and needs no new beginning of the library.
     * What a full disk broke off is done all over.
     */
    void lookAgain() {
        if (!keyStore.available() || !turn.tryLock()) {
            return; // who has the turn looks at everything
        }
        try {
            if (broken) {
                run();
            } else {
                lookForMissing();
            }
        } finally {
            turn.unlock();
        }
    }

    private void lookForMissing() {
        Set<UUID> still = new HashSet<>(keyring.missing());
        keyring.all()
                .forEach(
                        key ->
                                key.backingKeys().stream()
                                        .filter(backing -> still.contains(backing.ckaId()))
                                        .filter(backing -> keyStore.holds(key.id(), backing))
                                        .forEach(
                                                backing -> {
                                                    log.info("{} is back", backing.label(key.id()));
                                                    still.remove(backing.ckaId());
                                                }));
        keyring.setMissing(still, store::key);
    }

    private List<Finding> unknown(Set<UUID> rows, List<TokenObject> objects) {
        Map<KeyId, String> deleted = new HashMap<>();
        store.tombstones()
                .forEach(
                        grave ->
                                grave.key()
                                        .keyId()
                                        .flatMap(KeyId::parse)
                                        .ifPresent(
                                                id ->
                                                        deleted.put(
                                                                id, grave.deletedAt().toString())));
        return objects.stream()
                .filter(object -> object.ckaId().filter(rows::contains).isEmpty())
                .map(object -> unknown(object, deleted))
                .toList();
    }

    private Finding unknown(TokenObject object, Map<KeyId, String> deleted) {
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
        boolean known = of.filter(id -> Adoption.key(keyring, id).isPresent()).isPresent();
        return known
                ? Finding.of(
                        Kind.ADOPTABLE,
                        object,
                        "is no material of its key, and may be: keyhold doctor --adopt takes it in,"
                                + " for decryption only")
                : Finding.of(
                        Kind.UNKNOWN, object, "is an object that no key knows; it is left alone");
    }

    private static Finding finding(Kind kind, KeyId key, BackingKey backing, String detail) {
        return new Finding(
                kind, backing.token(), Optional.of(backing.ckaId()), backing.label(key), detail);
    }

    private static void report(Finding finding) {
        if (finding.kind() == Kind.MISSING || finding.kind() == Kind.STUCK) {
            log.error("{} {}", finding.label(), finding.detail());
        } else {
            log.warn("token {}: '{}' {}", finding.token(), finding.label(), finding.detail());
        }
    }
}
