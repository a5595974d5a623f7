package io.keyhold.keyring;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Service;
import io.keyhold.key.ServiceKey;
import io.keyhold.store.MetadataStore;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** The keys that accounts have chosen for services; changed here too, stored first. */
public final class ServiceKeys {

    private final MetadataStore store;
    private final Map<Owner, NavigableMap<String, ServiceKey>> byOwner = new ConcurrentHashMap<>();

    private record Owner(String region, String account) {

        static Owner of(Arn arn) {
            return new Owner(arn.region(), arn.account());
        }
    }

    public ServiceKeys(MetadataStore store) {
        this.store = store;
        store.serviceKeys().forEach(this::show);
    }

    /** The one for a service in an account, if it has chosen one. */
    public Optional<ServiceKey> find(String region, String account, String service) {
        return Optional.ofNullable(of(new Owner(region, account)).get(service));
    }

    /**
     * Those of an account, ordered by service.
     *
     * @param after the service that comes before the first one wanted; empty for the very first
     */
    public List<ServiceKey> list(String region, String account, String after, int limit) {
        return of(new Owner(region, account)).tailMap(after, false).values().stream()
                .limit(limit)
                .toList();
    }

    /** Chooses a key for a service, in place of the one before. */
    public synchronized void put(ServiceKey chosen) {
        store.putServiceKey(chosen);
        show(chosen);
    }

    /**
     * Lets a service use its own key again.
     *
     * @throws KmsFault NotFoundException
     */
    public synchronized void delete(String region, String account, String service) {
        ServiceKey chosen =
                find(region, account, service).orElseThrow(() -> notFound(account, service));
        store.deleteServiceKey(chosen);
        of(Owner.of(chosen.key())).remove(service);
    }

    /** What a caller hears of one that is not there. */
    public static KmsFault notFound(String account, String service) {
        return KmsFault.of(
                FaultName.NotFoundException,
                "Account %s has chosen no key for %s, which uses its own there.",
                account,
                service);
    }

    /** What a service hears of its own key where it uses none. */
    public static KmsFault noneOfItsOwn(String account, Service service) {
        return KmsFault.of(
                FaultName.NotFoundException,
                "Account %s has chosen no key for %s, which uses none of its own there.",
                account,
                service.principal());
    }

    private void show(ServiceKey chosen) {
        of(Owner.of(chosen.key())).put(chosen.service(), chosen);
    }

    private NavigableMap<String, ServiceKey> of(Owner owner) {
        return byOwner.computeIfAbsent(owner, of -> new ConcurrentSkipListMap<>());
    }
}
