package io.keyhold.store;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Account;
import io.keyhold.iam.Entity;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.ServiceIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A directory's store in memory, which can be full. */
public final class MemoryDirectory implements DirectoryStore {

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final Map<String, Entity> entities = new LinkedHashMap<>();
    private final Map<String, ManagedPolicy> policies = new LinkedHashMap<>();
    private final Map<String, AccessKey> accessKeys = new LinkedHashMap<>();
    private List<ServiceIdentity> services = List.of();
    private boolean full;

    /** From now on nothing can be stored. */
    public void fill() {
        full = true;
    }

    @Override
    public List<Account> accounts() {
        return List.copyOf(accounts.values());
    }

    @Override
    public void createAccount(Account account) {
        requireRoom();
        accounts.put(account.id(), account);
    }

    @Override
    public List<ServiceIdentity> services() {
        return services;
    }

    @Override
    public void putServices(List<ServiceIdentity> all) {
        requireRoom();
        services = List.copyOf(all);
    }

    @Override
    public List<Entity> entities() {
        return List.copyOf(entities.values());
    }

    @Override
    public void createEntity(Entity entity) {
        requireRoom();
        entities.put(entity.uniqueId(), entity);
    }

    @Override
    public void updateEntity(Entity entity) {
        requireRoom();
        entities.put(entity.uniqueId(), entity);
    }

    @Override
    public void deleteEntity(Entity entity) {
        requireRoom();
        entities.remove(entity.uniqueId());
    }

    @Override
    public List<ManagedPolicy> policies() {
        return List.copyOf(policies.values());
    }

    @Override
    public void createPolicy(ManagedPolicy policy) {
        requireRoom();
        policies.put(policy.uniqueId(), policy);
    }

    @Override
    public void updatePolicy(ManagedPolicy policy) {
        requireRoom();
        policies.put(policy.uniqueId(), policy);
    }

    @Override
    public void deletePolicy(ManagedPolicy policy) {
        requireRoom();
        policies.remove(policy.uniqueId());
    }

    @Override
    public List<AccessKey> accessKeys() {
        return List.copyOf(accessKeys.values());
    }

    @Override
    public void createAccessKey(AccessKey key) {
        requireRoom();
        accessKeys.put(key.id(), key);
    }

    @Override
    public void updateAccessKey(AccessKey key) {
        requireRoom();
        accessKeys.put(key.id(), key);
    }

    @Override
    public void deleteAccessKey(AccessKey key) {
        requireRoom();
        accessKeys.remove(key.id());
    }

    private void requireRoom() {
        if (full) {
            throw new IllegalStateException("disk full");
        }
    }
}
