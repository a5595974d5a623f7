package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Canary;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import io.keyhold.token.KeyStore;
import io.keyhold.token.TokenObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes good what a crash left, by CKA_ID. Material whose object was made is taken into use, even
 * if no caller was told: finishing is always safe, while destroying would lose data if this were an
 * old copy of the database. Nothing is ever destroyed here, and a missing object deletes no active
 * row.
 */
final class Reconciliation {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Materials materials;
    private final Deletion deletion;
    private final Keyring keyring;
    private volatile boolean done;

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

    void run() {
        try {
            store.unfinished().forEach(this::settleLocked);
            deletion.finishAll();
            compare();
            done = true;
        } catch (KmsFault e) {
            log.warn("the token went away while it was compared with the store: {}", e.text());
        }
    }

    boolean done() {
        return done;
    }

    private void settleLocked(Unfinished unfinished) {
        ReentrantLock lock = keyring.lock(unfinished.key().arn());
        lock.lock();
        try {
            // Somebody may have finished it while this waited for the lock.
            if (store.unfinished().contains(unfinished)) {
                settle(unfinished);
            }
        } catch (KmsFault e) {
            if (!keyStore.available()) {
                throw e;
            }
            log.error("{} stays unfinished: {}", unfinished.backing(), e.text());
        } finally {
            lock.unlock();
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
            log.warn("{} was made, but not taken into use: it is now", backing.label(key.id()));
            return Optional.of(materials.activate(key, backing, canary.get()));
        }
        store.discard(key.arn(), backing.id());
        log.warn("{} was begun, but never made: its row is gone", backing.label(key.id()));
        return Optional.empty();
    }

    /**
     * Callers make keys meanwhile, so rows are read twice: an object must be there if its row was
     * active before the objects were listed, and its row must be there afterwards.
     */
    private void compare() {
        List<KeyRecord> before = store.keys();
        List<TokenObject> objects = keyStore.objects();
        Set<UUID> rows = new HashSet<>();
        store.unfinished().forEach(each -> rows.add(each.backing().ckaId()));
        store.doomed().forEach(key -> key.backingKeys().forEach(row -> rows.add(row.ckaId())));
        store.keys().forEach(key -> key.backingKeys().forEach(row -> rows.add(row.ckaId())));
        reportMissing(before, objects);
        reportUnknown(rows, objects);
    }

    private static void reportMissing(List<KeyRecord> keys, List<TokenObject> objects) {
        Set<UUID> present = new HashSet<>();
        objects.forEach(object -> object.ckaId().ifPresent(present::add));
        for (KeyRecord key : keys) {
            for (BackingKey backing : key.backingKeys()) {
                if (!present.contains(backing.ckaId())) {
                    log.error(
                            "{} is not in its token; data under it cannot be decrypted until it is"
                                    + " back",
                            backing.label(key.id()));
                }
            }
        }
    }

    private static void reportUnknown(Set<UUID> rows, List<TokenObject> objects) {
        for (TokenObject object : objects) {
            if (object.ckaId().filter(rows::contains).isEmpty()) {
                log.warn(
                        "token {} holds an object that no key knows: '{}'; it is left alone",
                        object.token(),
                        object.label());
            }
        }
    }
}
