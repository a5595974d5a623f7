package io.keyhold;

import io.keyhold.config.Config;
import io.keyhold.iam.Entity;
import io.keyhold.key.Alias;
import io.keyhold.key.KeyManager;
import io.keyhold.key.Service;
import io.keyhold.key.ServiceIdentity;
import io.keyhold.key.Services;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.DirectoryStore;
import io.keyhold.store.sql.SqlStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the services that the configuration declares against those whose keys there are. A service
 * that has keys keeps its name and its account, also while it is not declared: else its keys would
 * be somebody else's.
 */
final class ServiceDeclarations {

    private static final Logger log = LoggerFactory.getLogger(ServiceDeclarations.class);

    private final DirectoryStore store;
    private final List<ServiceIdentity> known;
    private final Set<String> customers;
    private final Set<String> accountsWithKeys;
    private final Set<String> namesWithKeys;

    /**
     * @param customers the accounts that the configuration gives to anybody but services
     * @param accountsWithKeys those that keys are in
     * @param namesWithKeys of the services that have managed keys
     */
    ServiceDeclarations(
            DirectoryStore store,
            Set<String> customers,
            Set<String> accountsWithKeys,
            Set<String> namesWithKeys) {
        this.store = store;
        this.known = store.services();
        this.customers = new HashSet<>(customers);
        this.accountsWithKeys = accountsWithKeys;
        this.namesWithKeys = namesWithKeys;
        store.accounts().forEach(account -> this.customers.add(account.id()));
    }

    static ServiceDeclarations of(Config config, SqlStore store, Keyring keyring, Aliases aliases) {
        Set<String> accounts =
                keyring.all().map(key -> key.arn().account()).collect(Collectors.toSet());
        Set<String> names =
                keyring.all()
                        .filter(key -> key.manager() == KeyManager.AWS)
                        .flatMap(key -> aliases.list(key.arn(), "", Aliases.MOST_PER_KEY).stream())
                        .map(Alias::name)
                        .filter(name -> name.startsWith(Alias.RESERVED_PREFIX))
                        .map(name -> name.substring(Alias.RESERVED_PREFIX.length()))
                        .collect(Collectors.toSet());
        return new ServiceDeclarations(
                store.directory(), Settings.customers(config), accounts, names);
    }

    /**
     * The services as they are declared, which the database knows from now on.
     *
     * @throws StartException if keys would come to somebody else
     */
    Services accept(List<Service> declared) {
        known.forEach(this::requireNoCustomers);
        for (Service service : declared) {
            ServiceIdentity its = service.identity();
            known.forEach(one -> requireUnmoved(its, one));
            requireFree(its);
        }
        List<ServiceIdentity> left = left(declared);
        store.putServices(
                Stream.concat(declared.stream().map(Service::identity), left.stream()).toList());
        return new Services(
                declared, left.stream().map(ServiceIdentity::account).collect(Collectors.toSet()));
    }

    /** Those that have keys and are not declared, with what their keys hold on to. */
    private List<ServiceIdentity> left(List<Service> declared) {
        Set<String> principals =
                declared.stream().map(Service::principal).collect(Collectors.toSet());
        List<ServiceIdentity> left =
                known.stream()
                        .filter(one -> !principals.contains(one.principal()))
                        .filter(one -> ownsKeys(one) || managesKeys(one))
                        .map(
                                one ->
                                        new ServiceIdentity(
                                                one.principal(),
                                                managesKeys(one) ? one.name() : "",
                                                ownsKeys(one) ? one.account() : ""))
                        .toList();
        left.forEach(
                one ->
                        log.warn(
                                "{} is not declared: its keys are closed until it is",
                                one.principal()));
        return left;
    }

    private void requireNoCustomers(ServiceIdentity one) {
        if (ownsKeys(one) && customers.contains(one.account())) {
            throw new StartException(
                    "account %s is given to customers, but %s owns keys in it: it stays so"
                            .formatted(one.account(), one.principal()));
        }
    }

    private void requireUnmoved(ServiceIdentity now, ServiceIdentity before) {
        boolean same = now.principal().equals(before.principal());
        if (managesKeys(before) && same != now.name().equals(before.name())) {
            throw wrong(
                    now,
                    "name",
                    now.name(),
                    "%s has keys of the name %s".formatted(before.principal(), before.name()),
                    same ? before.name() : "another");
        }
        if (ownsKeys(before) && same != now.account().equals(before.account())) {
            throw wrong(
                    now,
                    "account",
                    now.account().isEmpty() ? "missing" : now.account(),
                    "%s owns keys in %s".formatted(before.principal(), before.account()),
                    same ? before.account() : "another");
        }
    }

    /** An account that becomes a service's own holds nothing of anybody. */
    private void requireFree(ServiceIdentity now) {
        String account = now.account();
        boolean its =
                known.stream()
                        .filter(one -> one.principal().equals(now.principal()))
                        .anyMatch(one -> one.account().equals(account));
        if (customers.contains(account) || (!its && !account.isEmpty() && isInUse(account))) {
            throw wrong(
                    now,
                    "account",
                    account,
                    "it was made by CreateAccount, or has keys, users or roles",
                    "one that is this service's alone");
        }
    }

    private boolean isInUse(String account) {
        return accountsWithKeys.contains(account)
                || store.entities().stream().map(Entity::account).anyMatch(account::equals);
    }

    private boolean ownsKeys(ServiceIdentity service) {
        return accountsWithKeys.contains(service.account());
    }

    private boolean managesKeys(ServiceIdentity service) {
        return namesWithKeys.contains(service.name());
    }

    private static StartException wrong(
            ServiceIdentity service, String field, String value, String why, String right) {
        return new StartException(
                "service.%s of %s is %s, but %s; right would be %s"
                        .formatted(field, service.principal(), value, why, right));
    }
}
