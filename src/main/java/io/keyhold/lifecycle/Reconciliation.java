package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Canary;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Finding.Kind;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import io.keyhold.token.KeyStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes good what a crash left, by CKA_ID, and lets token and store be compared. Material whose
 * object was made is taken into use, even if no caller was told: finishing is always safe, while
 * destroying would lose data if this were an old copy of the database.
 */
final class Reconciliation {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    private static final Set<Kind> LOST =
            EnumSet.of(Kind.MISSING, Kind.STUCK, Kind.DOUBLED, Kind.WRONG);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Materials materials;
    private final Deletion deletion;
    private final MaterialDeletion materialDeletion;
    private final Keyring keyring;
    private final Inventory inventory;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean done;
    private volatile boolean broken;

    Reconciliation(
            MetadataStore store,
            KeyStore keyStore,
            Materials materials,
            Deletion deletion,
            MaterialDeletion materialDeletion,
            Keyring keyring) {
        this.store = store;
        this.keyStore = keyStore;
        this.materials = materials;
        this.deletion = deletion;
        this.materialDeletion = materialDeletion;
        this.keyring = keyring;
        this.inventory = new Inventory(store, keyStore, keyring);
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
            materialDeletion.finishAll();
            found.addAll(deletion.finishAll(() -> true));
            found.addAll(inventory.compare());
            found.forEach(Reconciliation::report);
            done = true;
            broken = false;
            return found;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Likewise, and lets all material show that it is the right one.
     *
     * @throws KmsFault KeyUnavailableException if the token went away meanwhile
     */
    List<Finding> examine() {
        List<Finding> found = new ArrayList<>(run());
        List<Finding> wrong = inventory.prove();
        wrong.forEach(Reconciliation::report);
        found.addAll(wrong);
        return found;
    }

    boolean done() {
        return done;
    }

    private Optional<Finding> settleLocked(Unfinished unfinished) {
        return keyring.underLock(
                unfinished.key().arn(),
                // Somebody may have finished it while this waited for the lock.
                () ->
                        store.unfinished().contains(unfinished)
                                ? Optional.of(outcome(unfinished))
                                : Optional.empty());
    }

    private Finding outcome(Unfinished unfinished) {
        try {
            return settle(unfinished).isPresent()
                    ? Finding.of(
                            Kind.FINISHED,
                            unfinished.material(),
                            "was made, but not taken into use: it is now")
                    : Finding.of(
                            Kind.FORGOTTEN,
                            unfinished.material(),
                            "was begun, but never made or imported: it is as if it had not been");
        } catch (KmsFault e) {
            if (!keyStore.available()) {
                throw e;
            }
            return Finding.of(Kind.STUCK, unfinished.material(), "stays unfinished: " + e.text());
        }
    }

    /**
     * Takes an import back that was begun: whoever imports was not told, and has the material. The
     * caller holds the key's lock.
     */
    void undo(Unfinished unfinished) {
        keyStore.destroy(unfinished.material());
        store.discard(unfinished.key().arn(), unfinished.backing().id());
        store.key(unfinished.key().arn()).ifPresent(keyring::publish);
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
        if (backing.imported().isPresent()) {
            undo(unfinished);
            return Optional.empty();
        }
        Optional<Canary> canary = keyStore.find(key.material(backing));
        if (canary.isPresent()) {
            return Optional.of(materials.finish(key, backing, canary.get()));
        }
        store.discard(key.arn(), backing.id());
        return Optional.empty();
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
                inventory.lookForMissing();
            }
        } catch (KmsFault e) {
            log.debug("what is missing is looked for later: {}", e.text());
        } finally {
            turn.unlock();
        }
    }

    private static void report(Finding finding) {
        if (LOST.contains(finding.kind())) {
            log.error("{} {}", finding.label(), finding.detail());
        } else {
            log.warn("token {}: '{}' {}", finding.token(), finding.label(), finding.detail());
        }
    }
}
