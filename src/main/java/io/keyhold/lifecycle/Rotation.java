package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives keys new material: on demand, when their date has come, and before AES-GCM's limit. The old
 * material stays for decryption.
 */
final class Rotation {

    /** How often a key may be rotated on demand, for its whole life. */
    private static final int MOST_ON_DEMAND = 25;

    private static final Logger log = LoggerFactory.getLogger(Rotation.class);

    private final MetadataStore store;
    private final Keyring keyring;
    private final Materials materials;
    private final Reconciliation reconciliation;
    private final EncryptionCounts counts;
    private final LifeEvents events;
    private final Clocks clocks;
    private final Set<Arn> warned = new HashSet<>(); // the jobs' thread has it

    Rotation(
            MetadataStore store,
            Keyring keyring,
            Materials materials,
            Reconciliation reconciliation,
            EncryptionCounts counts,
            LifeEvents events,
            Clocks clocks) {
        this.store = store;
        this.keyring = keyring;
        this.materials = materials;
        this.reconciliation = reconciliation;
        this.counts = counts;
        this.events = events;
        this.clocks = clocks;
    }

    /**
     * Rotates a key for a caller; when this returns, it encrypts with the new material.
     *
     * @throws KmsFault LimitExceededException after {@value #MOST_ON_DEMAND} of them
     */
    KeyRecord onDemand(Arn key) {
        return keyring.locked(
                key,
                now -> {
                    now.require(StateRule.USE);
                    if (now.onDemandRotations() >= MOST_ON_DEMAND) {
                        throw KmsFault.of(
                                FaultName.LimitExceededException,
                                "The on-demand rotations limit has been reached for the given"
                                        + " keyId. No more on-demand rotations can be performed"
                                        + " for this key: %s",
                                key);
                    }
                    return now.origin() == KeyOrigin.EXTERNAL
                            ? rotateToImported(now)
                            : rotate(now, RotationType.ON_DEMAND);
                });
    }

    /**
     * To what was imported for that.
     *
     * @throws KmsFault KMSInvalidStateException if nothing was
     */
    private KeyRecord rotateToImported(KeyRecord key) {
        BackingKey next = key.requirePendingRotation();
        events.rotating(key, next, RotationType.ON_DEMAND);
        KeyRecord now = store.rotateTo(key.arn(), next.id(), clocks.now());
        keyring.publish(now);
        return now;
    }

    /** Rotates whatever is due, as long as it may go on. */
    void allDue(BooleanSupplier mayGoOn) {
        Set<Arn> worn = Set.copyOf(store.worn(EncryptionCounts.ENOUGH));
        List<KeyRecord> due =
                keyring.all().filter(key -> isDue(key, worn.contains(key.arn()))).toList();
        for (KeyRecord key : due) {
            if (!mayGoOn.getAsBoolean()) {
                return;
            }
            try {
                inPlaceOf(key.current(), key.arn());
            } catch (KmsFault e) {
                log.warn("{} is due for rotation, but cannot be now: {}", key.arn(), e.text());
            }
        }
        store.worn(EncryptionCounts.MANY).forEach(this::warnOnce);
    }

    /**
     * The key with material that may encrypt once more, which is counted. Material that has
     * encrypted as often as is safe is replaced first, if the key can do that by itself.
     *
     * @throws KmsFault LimitExceededException if it cannot
     */
    KeyRecord forEncryption(KeyRecord key) {
        if (counts.count(key)) {
            return key;
        }
        if (!key.rotatesItself()) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "The current material of %s has encrypted as often as is safe; the key"
                            + " encrypts again after RotateKeyOnDemand.",
                    key.arn());
        }
        // What takes its place may be used up as well, if a rotation was begun in a copy.
        return forEncryption(inPlaceOf(key.current(), key.arn()));
    }

    /** New material, unless what was current is that no more. */
    private KeyRecord inPlaceOf(BackingKey worn, Arn key) {
        return keyring.locked(
                key,
                now -> {
                    if (!now.isCurrent(worn)) {
                        return now; // somebody was faster
                    }
                    now.require(StateRule.USE);
                    return rotate(now, RotationType.AUTOMATIC);
                });
    }

    private boolean isDue(KeyRecord key, boolean worn) {
        boolean dateHasCome =
                key.schedule().rotation().filter(dates -> dates.isDue(clocks.now())).isPresent();
        return key.state() == KeyState.Enabled && (dateHasCome || (worn && key.rotatesItself()));
    }

    private void warnOnce(Arn key) {
        boolean alone = keyring.find(key).filter(record -> !record.rotatesItself()).isPresent();
        if (alone && warned.add(key)) {
            log.warn(
                    "the current material of {} has encrypted more than 2^30 times, and the key"
                            + " cannot rotate by itself; it refuses to encrypt at 2^32",
                    key);
        }
    }

    /** The caller holds the key's lock. */
    private KeyRecord rotate(KeyRecord key, RotationType type) {
        KeyRecord now = key;
        for (Unfinished unfinished : store.unfinished()) {
            if (unfinished.key().arn().equals(key.arn())) {
                now = reconciliation.settle(unfinished).orElse(now);
            }
        }
        // A retry takes over the material that its first try made before the token went away.
        if (!now.equals(key) && now.current().rotation() == type) {
            return now;
        }
        int generation = now.backingKeys().getLast().generation() + 1;
        BackingKey next = materials.draft(now.id(), generation, type);
        store.beginBackingKey(now.arn(), next);
        return materials.complete(now, next);
    }
}
