package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.store.MetadataStore;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the encryptions under each backing key, since GCM with random IVs allows only so many.
 * Numbers are reserved in the store before they are used: after a crash the stored number may be
 * too large, and never too small.
 *
 * <p>A few come with the start, for all keys in one transaction, and with new material; else the
 * first calls after a start would all wait for the disk, one after the other. A key in use then
 * gets large batches.
 *
 * @see "NIST SP 800-38D, section 8.3"
 */
public final class EncryptionCounts {

    /** The most encryptions under one backing key. */
    public static final long MOST = 1L << 32;

    static final long FIRST = 1 << 10;
    static final long BATCH = 1 << 16;

    /** Below this the next batch is reserved, by a call that may wait for the disk. */
    static final long LOW = 1 << 8;

    private final MetadataStore store;
    private final Map<UUID, AtomicLong> leftByCkaId = new ConcurrentHashMap<>();

    public EncryptionCounts(MetadataStore store) {
        this.store = store;
    }

    /** Reserves a few for every key. Once, before the doors open. */
    public void load() {
        store.reserveEncryptionsOfAll(FIRST, MOST)
                .forEach(ckaId -> leftByCkaId.put(ckaId, new AtomicLong(FIRST)));
    }

    /** Takes in the few that were reserved when material became active. */
    void begin(BackingKey backing) {
        left(backing).addAndGet(FIRST);
    }

    /** Whether {@link #count} will not have to wait for the disk. */
    public boolean ready(BackingKey backing) {
        return left(backing).get() > LOW;
    }

    /**
     * Counts one encryption; called before it is made.
     *
     * @throws KmsFault LimitExceededException if there have been {@value #MOST}
     */
    public void count(KeyRecord key, BackingKey backing) {
        AtomicLong left = left(backing);
        if (left.decrementAndGet() < LOW) {
            reserve(key, backing, left);
        }
    }

    /** Whoever finds nothing left waits here; what he took is part of the next batch. */
    private void reserve(KeyRecord key, BackingKey backing, AtomicLong left) {
        synchronized (left) {
            if (left.get() >= LOW) {
                return;
            }
            if (store.reserveEncryptions(key.arn(), backing.id(), BATCH) > MOST) {
                throw KmsFault.of(
                        FaultName.LimitExceededException,
                        "The current material of %s has encrypted as often as is safe; the key"
                                + " encrypts again after RotateKeyOnDemand.",
                        key.arn());
            }
            left.addAndGet(BATCH);
        }
    }

    private AtomicLong left(BackingKey backing) {
        return leftByCkaId.computeIfAbsent(backing.ckaId(), id -> new AtomicLong());
    }
}
