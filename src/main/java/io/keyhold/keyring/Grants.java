package io.keyhold.keyring;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.policy.GrantIndex;
import io.keyhold.store.MetadataStore;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Every grant of this daemon, in memory; changed here too, stored first. Changes come one at a
 * time, as those of {@link Aliases} do. A grant counts for the next call after it was made.
 */
public final class Grants {

    /** The most grants that a key may have. */
    public static final int MOST_PER_KEY = 50_000;

    private static final GrantIndex NONE = new GrantIndex();

    private final Map<Arn, OfKey> byKey = new ConcurrentHashMap<>();
    private final Map<Principal, NavigableMap<String, Grant>> byRetiring =
            new ConcurrentHashMap<>();

    /** Takes in what the store has. Once, before the doors open. */
    public void load(MetadataStore store) {
        store.grants().forEach(this::show);
    }

    /** The grants of a key, for a decision. */
    public GrantIndex index(Arn key) {
        OfKey grants = byKey.get(key);
        return grants == null ? NONE : grants.index;
    }

    /** The grant of this ID on a key. */
    public Optional<Grant> find(Arn key, String id) {
        OfKey grants = byKey.get(key);
        return grants == null ? Optional.empty() : Optional.ofNullable(grants.byId.get(id));
    }

    /**
     * The grant that a token stands for.
     *
     * @throws KmsFault InvalidGrantTokenException if there is none, or no longer
     */
    public Grant ofToken(String token) {
        return Grant.Name.ofToken(token)
                .flatMap(name -> find(name.key(), name.id()))
                .orElseThrow(Grants::noSuchToken);
    }

    /**
     * The grants of a key, ordered by ID.
     *
     * @param after the ID that comes before the first one wanted; empty for the very first
     */
    public List<Grant> list(Arn key, Predicate<Grant> wanted, String after, int limit) {
        OfKey grants = byKey.get(key);
        return grants == null ? List.of() : page(grants.byId, wanted, after, limit);
    }

    /** The grants that somebody may retire, on whatever key, likewise. */
    public List<Grant> list(Principal retiring, Predicate<Grant> wanted, String after, int limit) {
        NavigableMap<String, Grant> grants = byRetiring.get(retiring);
        return grants == null ? List.of() : page(grants, wanted, after, limit);
    }

    /**
     * Adds a grant, unless it has a name and there is one with that name and the same terms.
     *
     * @param store makes it durable
     * @return the grant that there is now
     * @throws KmsFault LimitExceededException
     */
    public synchronized Grant create(Grant grant, Consumer<Grant> store) {
        OfKey grants = of(grant.key());
        Grant same = grants.byTerms.get(grant.terms());
        if (same != null) {
            return same;
        }
        if (grants.byId.size() >= MOST_PER_KEY) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "%s has %d grants, which is the most that a key may have.",
                    grant.key(),
                    MOST_PER_KEY);
        }
        store.accept(grant);
        show(grant);
        return grant;
    }

    /**
     * Removes a grant.
     *
     * @param store makes that durable
     * @throws KmsFault NotFoundException if it is gone already
     */
    public synchronized void delete(Grant grant, Consumer<Grant> store) {
        OfKey grants = of(grant.key());
        if (!grants.byId.containsKey(grant.id())) {
            throw notFound(grant.id());
        }
        store.accept(grant);
        grants.byId.remove(grant.id());
        grants.byTerms.remove(grant.terms());
        grants.index.remove(grant);
        retirers(grant).ifPresent(all -> all.remove(grant.id()));
    }

    /** Shows the grants of a deleted key to nobody any more; the store forgets them too. */
    public synchronized void forget(Arn key) {
        OfKey grants = byKey.remove(key);
        if (grants != null) {
            grants.byId
                    .values()
                    .forEach(grant -> retirers(grant).ifPresent(all -> all.remove(grant.id())));
        }
    }

    /** What a caller hears of a grant that is not there. */
    public static KmsFault notFound(String id) {
        return KmsFault.of(FaultName.NotFoundException, "Grant ID %s not found", id);
    }

    /** What a caller hears of a token that stands for no grant. */
    public static KmsFault noSuchToken() {
        return KmsFault.of(
                FaultName.InvalidGrantTokenException,
                "The grant token stands for no grant that there is.");
    }

    private void show(Grant grant) {
        OfKey grants = of(grant.key());
        grants.byId.put(grant.id(), grant);
        if (!grant.terms().name().isEmpty()) {
            grants.byTerms.put(grant.terms(), grant);
        }
        grants.index.add(grant);
        retirers(grant).ifPresent(all -> all.put(grant.id(), grant));
    }

    private OfKey of(Arn key) {
        return byKey.computeIfAbsent(key, k -> new OfKey());
    }

    private Optional<NavigableMap<String, Grant>> retirers(Grant grant) {
        return grant.terms().retiring().map(bound -> retiredBy(bound.principal()));
    }

    private NavigableMap<String, Grant> retiredBy(Principal principal) {
        return byRetiring.computeIfAbsent(principal, p -> new ConcurrentSkipListMap<>());
    }

    private static List<Grant> page(
            NavigableMap<String, Grant> from, Predicate<Grant> wanted, String after, int limit) {
        return from.tailMap(after, false).values().stream().filter(wanted).limit(limit).toList();
    }

    private static final class OfKey {
        final NavigableMap<String, Grant> byId = new ConcurrentSkipListMap<>();
        final Map<GrantTerms, Grant> byTerms = new ConcurrentHashMap<>();
        final GrantIndex index = new GrantIndex();
    }
}
