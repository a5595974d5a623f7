package io.keyhold.keyring;

import io.keyhold.iam.Account;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.ServiceIdentity;
import io.keyhold.store.DirectoryStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The accounts that this daemon knows: those of the configuration, those of services that were once
 * declared, and those made since.
 */
public final class Accounts {

    private final DirectoryStore store;
    private final NavigableMap<String, Account> byId = new ConcurrentSkipListMap<>();

    /**
     * @param configured those that the configuration names; nobody knows since when
     */
    public Accounts(Set<String> configured, DirectoryStore store) {
        this.store = store;
        configured.forEach(id -> byId.put(id, new Account(id, "", Instant.EPOCH)));
        store.services().stream()
                .map(ServiceIdentity::account)
                .filter(id -> !id.isEmpty())
                .forEach(id -> byId.put(id, new Account(id, "", Instant.EPOCH)));
        store.accounts().forEach(account -> byId.put(account.id(), account));
    }

    public boolean isKnown(String id) {
        return byId.containsKey(id);
    }

    /** All of them, by number. */
    public Collection<Account> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /**
     * Adds an account.
     *
     * @throws KmsFault EntityAlreadyExistsException
     */
    public synchronized void create(Account account) {
        if (isKnown(account.id())) {
            throw KmsFault.of(
                    FaultName.EntityAlreadyExistsException,
                    "Account %s already exists.",
                    account.id());
        }
        store.createAccount(account);
        byId.put(account.id(), account);
    }
}
