package io.keyhold.keyring;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import io.keyhold.store.MetadataStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every key of this daemon, in memory. */
public final class Keyring {

    private static final Logger log = LoggerFactory.getLogger(Keyring.class);

    private final KeyLocks locks = new KeyLocks();
    private volatile Set<UUID> missing = Set.of();
    private final Map<Name, KeyRecord> byName = new ConcurrentHashMap<>();
    private final Map<Arn, CompiledPolicy> policies = new ConcurrentHashMap<>();
    private final Map<Owner, ConcurrentNavigableMap<String, KeyRecord>> byOwner =
            new ConcurrentHashMap<>();

    /** Takes in what the store has. Once, before the doors open. */
    public void load(MetadataStore store) {
        store.keys().forEach(this::publish);
    }

    /**
     * Changes a key's metadata: under its lock, and shown to everybody once the change is durable.
     *
     * @param change stores the change of the key as it stands, and answers the key that it has
     *     become
     */
    public KeyRecord change(Arn key, UnaryOperator<KeyRecord> change) {
        return locked(
                key,
                now -> {
                    KeyRecord changed = change.apply(now);
                    publish(changed);
                    return changed;
                });
    }

    /** Does something about a key as it stands, which stays so meanwhile. */
    public <T> T locked(Arn key, Function<KeyRecord, T> work) {
        return underLock(key, () -> work.apply(get(key)));
    }

    /** Does something under the lock of a key that need not be there. */
    public <T> T underLock(Arn key, Supplier<T> work) {
        ReentrantLock lock = locks.of(key);
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A key as it stands now.
     *
     * @throws KmsFault NotFoundException if it was deleted meanwhile
     */
    public KeyRecord get(Arn key) {
        return find(key).orElseThrow(() -> notFound(key.toString()));
    }

    /**
     * Says which material is not in its token now; keys that have no other show as unavailable,
     * until it is back.
     *
     * @param ckaIds of the objects
     * @param stored reads a key
     */
    public void setMissing(Set<UUID> ckaIds, Function<Arn, Optional<KeyRecord>> stored) {
        Set<UUID> changed;
        synchronized (this) {
            changed = new HashSet<>(missing);
            changed.addAll(ckaIds);
            changed.removeIf(id -> missing.contains(id) && ckaIds.contains(id));
            missing = Set.copyOf(ckaIds);
        }
        if (changed.isEmpty()) {
            return;
        }
        all().filter(key -> key.backingKeys().stream().anyMatch(b -> changed.contains(b.ckaId())))
                .map(KeyRecord::arn)
                .toList()
                .forEach(key -> refresh(key, stored));
    }

    /** Material is in its token again, or another of the same CKA_ID. */
    public synchronized void setFound(UUID ckaId) {
        Set<UUID> rest = new HashSet<>(missing);
        if (rest.remove(ckaId)) {
            missing = Set.copyOf(rest);
        }
    }

    /** The CKA_IDs of material that is not in its token now. */
    public Set<UUID> missing() {
        return missing;
    }

    private void refresh(Arn key, Function<Arn, Optional<KeyRecord>> stored) {
        underLock(
                key,
                () -> {
                    find(key).flatMap(shown -> stored.apply(key)).ifPresent(this::publish);
                    return key;
                });
    }

    /** Shows a key as it stands now to everybody. The caller holds the key's lock. */
    public void publish(KeyRecord stored) {
        List<Material> materials = stored.materials();
        boolean gone =
                !materials.isEmpty()
                        && materials.stream().allMatch(each -> missing.contains(each.ckaId()));
        KeyRecord key = gone ? stored.unavailable() : stored;
        policies.compute(
                key.arn(),
                (arn, before) ->
                        before != null && before.source.equals(key.policy())
                                ? before
                                : CompiledPolicy.of(key));
        String region = key.arn().region();
        byName.put(new Name(region, key.id()), key);
        byOwner.computeIfAbsent(
                        new Owner(region, key.arn().account()), o -> new ConcurrentSkipListMap<>())
                .put(key.id().toString(), key);
    }

    /** What a caller hears of a key that is not there. */
    public static KmsFault notFound(String key) {
        return KmsFault.of(FaultName.NotFoundException, "Key '%s' does not exist", key);
    }

    /** Shows a key to nobody any more. The caller holds the key's lock, or is alone. */
    public void remove(Arn key) {
        find(key)
                .ifPresent(
                        gone -> {
                            byName.remove(new Name(key.region(), gone.id()));
                            byOwner.getOrDefault(
                                            new Owner(key.region(), key.account()),
                                            new ConcurrentSkipListMap<>())
                                    .remove(gone.id().toString());
                            policies.remove(key);
                        });
    }

    /** Every key as it stands now. */
    public Stream<KeyRecord> all() {
        return byName.values().stream();
    }

    /** The key with this ARN. */
    public Optional<KeyRecord> find(Arn key) {
        return key.keyId().flatMap(KeyId::parse).flatMap(id -> find(key.region(), id));
    }

    /** The key with this ID in a region, whatever account it belongs to. */
    public Optional<KeyRecord> find(String region, KeyId id) {
        return Optional.ofNullable(byName.get(new Name(region, id)));
    }

    /** A key's policy as it stands now, compiled. */
    public Policy policy(Arn key) {
        CompiledPolicy compiled = policies.get(key);
        if (compiled == null) {
            throw new IllegalStateException(key + " has no policy");
        }
        return compiled.policy;
    }

    /**
     * The keys of an account in a region, ordered by ID.
     *
     * @param after the ID that comes before the first one wanted; empty for the very first
     */
    public List<KeyRecord> list(String region, String account, String after, int limit) {
        ConcurrentNavigableMap<String, KeyRecord> keys = byOwner.get(new Owner(region, account));
        return keys == null
                ? List.of()
                : keys.tailMap(after, false).values().stream().limit(limit).toList();
    }

    /** How many keys there are. */
    public int size() {
        return byName.size();
    }

    /** How many keys a region has. */
    public long size(String region) {
        return byName.keySet().stream().filter(name -> name.region.equals(region)).count();
    }

    private record Name(String region, KeyId id) {}

    private record Owner(String region, String account) {}

    private record CompiledPolicy(KeyPolicy source, Policy policy) {

        /**
         * A stored document that is no policy keeps everybody out, and nothing else from working.
         */
        static CompiledPolicy of(KeyRecord key) {
            Policy policy;
            try {
                policy = PolicyParser.ofKey(key.policy().document(), key.policy().uniqueIds());
            } catch (KmsFault e) {
                log.error("nobody may use {}: its stored policy: {}", key.arn(), e.text());
                policy = Policy.NOTHING;
            }
            return new CompiledPolicy(key.policy(), policy);
        }
    }
}
