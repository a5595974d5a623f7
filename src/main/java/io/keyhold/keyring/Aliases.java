package io.keyhold.keyring;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KmsFault;
import io.keyhold.store.MetadataStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * Every alias of this daemon, in memory; changed here too, stored first. Changes come one at a
 * time: they are rare, and then a limit holds without a lock of its own.
 */
public final class Aliases {

    /** The most aliases that a key may have. */
    public static final int MOST_PER_KEY = 50;

    private final Map<Owner, NavigableMap<String, Alias>> byOwner = new ConcurrentHashMap<>();
    private final Map<Arn, NavigableMap<String, Alias>> byKey = new ConcurrentHashMap<>();

    /** Takes in what the store has. Once, before the doors open. */
    public void load(MetadataStore store) {
        store.aliases().forEach(this::show);
    }

    /** The alias with this ARN. */
    public Optional<Alias> find(Arn alias) {
        return Optional.ofNullable(owned(alias.region(), alias.account()).get(alias.resource()));
    }

    /**
     * The aliases of an account in a region, ordered by name.
     *
     * @param after the name that comes before the first one wanted; empty for the very first
     */
    public List<Alias> list(String region, String account, String after, int limit) {
        return page(owned(region, account), after, limit);
    }

    /** The aliases of one key, likewise. */
    public List<Alias> list(Arn key, String after, int limit) {
        return page(of(key), after, limit);
    }

    /**
     * Adds an alias.
     *
     * @param store makes it durable
     * @throws KmsFault AlreadyExistsException, LimitExceededException
     */
    public synchronized void create(Alias alias, Consumer<Alias> store) {
        if (find(alias.arn()).isPresent()) {
            throw KmsFault.of(
                    FaultName.AlreadyExistsException,
                    "An alias with the name %s already exists",
                    alias.arn());
        }
        requireRoom(alias.targetArn());
        store.accept(alias);
        show(alias);
    }

    /**
     * Lets an alias name another key.
     *
     * @param store makes it durable
     * @throws KmsFault NotFoundException, LimitExceededException
     */
    public synchronized void retarget(Arn alias, KeyId target, Instant now, Consumer<Alias> store) {
        Alias before = find(alias).orElseThrow(() -> notFound(alias));
        Alias after = before.to(target, now);
        boolean moves = !target.equals(before.target());
        if (moves) {
            requireRoom(after.targetArn());
        }
        store.accept(after);
        show(after);
        if (moves) {
            of(before.targetArn()).remove(before.name());
        }
    }

    /**
     * Removes an alias.
     *
     * @param store makes that durable
     * @throws KmsFault NotFoundException
     */
    public synchronized void delete(Arn alias, Consumer<Arn> store) {
        Alias before = find(alias).orElseThrow(() -> notFound(alias));
        store.accept(alias);
        owned(alias.region(), alias.account()).remove(before.name());
        of(before.targetArn()).remove(before.name());
    }

    /** Shows the aliases of a deleted key to nobody any more; the store forgets them too. */
    public synchronized void forget(Arn key) {
        NavigableMap<String, Alias> aliases = byKey.remove(key);
        if (aliases != null) {
            owned(key.region(), key.account()).keySet().removeAll(aliases.keySet());
        }
    }

    /** What a caller hears of an alias that is not there. */
    public static KmsFault notFound(Arn alias) {
        return KmsFault.of(FaultName.NotFoundException, "Alias %s is not found.", alias);
    }

    private void requireRoom(Arn key) {
        if (of(key).size() >= MOST_PER_KEY) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "%s has %d aliases, which is the most that a key may have.",
                    key,
                    MOST_PER_KEY);
        }
    }

    private void show(Alias alias) {
        of(alias.targetArn()).put(alias.name(), alias);
        owned(alias.arn().region(), alias.arn().account()).put(alias.name(), alias);
    }

    private NavigableMap<String, Alias> of(Arn key) {
        return byKey.computeIfAbsent(key, k -> new ConcurrentSkipListMap<>());
    }

    private NavigableMap<String, Alias> owned(String region, String account) {
        return byOwner.computeIfAbsent(
                new Owner(region, account), owner -> new ConcurrentSkipListMap<>());
    }

    private static List<Alias> page(NavigableMap<String, Alias> from, String after, int limit) {
        return from.tailMap(after, false).values().stream().limit(limit).toList();
    }

    private record Owner(String region, String account) {}
}
