package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyUse;
import io.keyhold.key.MaterialUse;
import io.keyhold.store.UsageStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What keys and their materials are used for: told with each use, and made durable every few
 * seconds. A crash forgets what was not yet stored.
 */
public final class Usage {

    private static final long NEVER = Long.MIN_VALUE;

    private final UsageStore store;
    private final Clocks clocks;
    private final Map<UUID, Counter> materials = new ConcurrentHashMap<>();
    private final Map<Arn, KeyUse> keys = new ConcurrentHashMap<>();
    private final Map<UUID, Counter> newMaterials = new ConcurrentHashMap<>();
    private final Map<Arn, KeyUse> newKeys = new ConcurrentHashMap<>();

    Usage(UsageStore store, Clocks clocks) {
        this.store = store;
        this.clocks = clocks;
    }

    /** Takes in what the store has. Once, before the doors open. */
    void load() {
        keys.putAll(store.keyUses());
        store.materialUses().forEach((ckaId, use) -> materials.put(ckaId, new Counter(use)));
    }

    /** Material has encrypted. */
    public void encrypted(BackingKey backing) {
        Counter counter = counter(backing);
        counter.lastEncryption = clocks.wall().millis();
        newMaterials.put(backing.ckaId(), counter);
    }

    /** Material has decrypted. */
    public void decrypted(BackingKey backing) {
        Counter counter = counter(backing);
        counter.lastDecryption = clocks.wall().millis();
        counter.decryptions.increment();
        newMaterials.put(backing.ckaId(), counter);
    }

    /** A cryptographic operation with a key has succeeded. */
    public void used(Arn key, KeyUse use) {
        keys.put(key, use);
        newKeys.put(key, use);
    }

    /** What material was used for. */
    public MaterialUse of(BackingKey backing) {
        Counter counter = materials.get(backing.ckaId());
        return counter == null ? MaterialUse.NONE : counter.use();
    }

    /** The last use of a key, if there was one. */
    public Optional<KeyUse> of(Arn key) {
        return Optional.ofNullable(keys.get(key));
    }

    /** Stores what is new. */
    void save() {
        Map<Arn, KeyUse> someKeys = Map.copyOf(newKeys);
        Map<UUID, Counter> someMaterials = Map.copyOf(newMaterials);
        if (someKeys.isEmpty() && someMaterials.isEmpty()) {
            return;
        }
        // Taken out before their values are read: what is used meanwhile is new again.
        someKeys.forEach(newKeys::remove);
        someMaterials.forEach(newMaterials::remove);
        Map<UUID, MaterialUse> uses = new HashMap<>();
        someMaterials.forEach((ckaId, counter) -> uses.put(ckaId, counter.use()));
        try {
            store.save(someKeys, uses);
        } catch (RuntimeException e) {
            someKeys.forEach(newKeys::putIfAbsent);
            newMaterials.putAll(someMaterials);
            throw e;
        }
    }

    private Counter counter(BackingKey backing) {
        return materials.computeIfAbsent(backing.ckaId(), id -> new Counter(MaterialUse.NONE));
    }

    private static final class Counter {

        private volatile long lastEncryption;
        private volatile long lastDecryption;
        private final LongAdder decryptions = new LongAdder();

        Counter(MaterialUse use) {
            lastEncryption = use.lastEncryption().map(Instant::toEpochMilli).orElse(NEVER);
            lastDecryption = use.lastDecryption().map(Instant::toEpochMilli).orElse(NEVER);
            decryptions.add(use.decryptions());
        }

        MaterialUse use() {
            return new MaterialUse(time(lastEncryption), time(lastDecryption), decryptions.sum());
        }

        private static Optional<Instant> time(long millis) {
            return millis == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
        }
    }
}
