package io.keyhold.lifecycle;

import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyRecord;
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
final class EncryptionCounts {

    /** The most encryptions under one backing key. */
    static final long MOST = 1L << 32;

    /** From here on a key that can rotates by itself. */
    static final long ENOUGH = 1L << 31;

    /** From here on an operator is warned of a key that cannot. */
    static final long MANY = 1L << 30;

    static final long FIRST = 1 << 10;
    static final long BATCH = 1 << 16;

    /** Below this the next batch is reserved, by a call that may wait for the disk. */
    static final long LOW = 1 << 8;

    private final MetadataStore store;
    private final Map<UUID, AtomicLong> leftByCkaId = new ConcurrentHashMap<>();

    EncryptionCounts(MetadataStore store) {
        this.store = store;
    }

    /** Reserves a few for every key. Once, before the doors open. */
    void load() {
        store.reserveEncryptionsOfAll(FIRST, MOST)
                .forEach(ckaId -> leftByCkaId.put(ckaId, new AtomicLong(FIRST)));
    }

    /** Takes in the few that were reserved when material became active. */
    void begin(BackingKey backing) {
        left(backing).addAndGet(FIRST);
    }

    /** Whether {@link #count} will not have to wait for the disk. */
    boolean ready(BackingKey backing) {
        return left(backing).get() > LOW;
    }

    /**
     * Counts one encryption with the current material; called before it is made.
     *
     * @return false if there have been {@value #MOST}: then it must not be made
     */
    boolean count(KeyRecord key) {
        AtomicLong left = left(key.current());
        return left.decrementAndGet() >= LOW || reserve(key, left);
    }

    /** Whoever finds nothing left waits here; what he took is part of the next batch. */
    private boolean reserve(KeyRecord key, AtomicLong left) {
        synchronized (left) {
            if (left.get() >= LOW) {
                return true;
            }
            if (store.reserveEncryptions(key.arn(), key.current().id(), BATCH) > MOST) {
                return false;
            }
            left.addAndGet(BATCH);
            return true;
        }
    }

    private AtomicLong left(BackingKey backing) {
        return leftByCkaId.computeIfAbsent(backing.ckaId(), id -> new AtomicLong());
    }
}
