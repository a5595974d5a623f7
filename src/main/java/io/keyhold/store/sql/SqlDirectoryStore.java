package io.keyhold.store.sql;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Account;
import io.keyhold.iam.Entity;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.ServiceIdentity;
import io.keyhold.store.DirectoryStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Accounts, services and identities, in the database of {@link SqlStore}. */
final class SqlDirectoryStore implements DirectoryStore {

    private final Jdbi jdbi;

    SqlDirectoryStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Account> accounts() {
        return jdbi.inTransaction(
                handle ->
                        handle.createQuery("SELECT id, name, created_at FROM account")
                                .map(
                                        (row, context) ->
                                                new Account(
                                                        row.getString(1),
                                                        row.getString(2),
                                                        Instant.ofEpochMilli(row.getLong(3))))
                                .list());
    }

    @Override
    public void createAccount(Account account) {
        jdbi.useTransaction(
                handle ->
                        handle.execute(
                                "INSERT INTO account (id, name, created_at) VALUES (?, ?, ?)",
                                account.id(),
                                account.name(),
                                account.createdAt().toEpochMilli()));
    }

    @Override
    public List<ServiceIdentity> services() {
        return jdbi.inTransaction(
                handle ->
                        handle.createQuery("SELECT principal, name, account FROM service")
                                .map(
                                        (row, context) ->
                                                new ServiceIdentity(
                                                        row.getString(1),
                                                        row.getString(2),
                                                        row.getString(3)))
                                .list());
    }

    @Override
    public void putServices(List<ServiceIdentity> services) {
        jdbi.useTransaction(
                handle -> {
                    handle.execute("DELETE FROM service");
                    services.forEach(
                            service ->
                                    handle.execute(
                                            "INSERT INTO service (principal, name, account)"
                                                    + " VALUES (?, ?, ?)",
                                            service.principal(),
                                            service.name(),
                                            service.account()));
                });
    }

    @Override
    public List<Entity> entities() {
        return jdbi.inTransaction(IdentityTable::all);
    }

    @Override
    public void createEntity(Entity entity) {
        jdbi.useTransaction(handle -> IdentityTable.insert(handle, entity));
    }

    @Override
    public void updateEntity(Entity entity) {
        jdbi.useTransaction(handle -> SqlStore.one(IdentityTable.update(handle, entity)));
    }

    @Override
    public void deleteEntity(Entity entity) {
        jdbi.useTransaction(handle -> SqlStore.one(IdentityTable.delete(handle, entity)));
    }

    @Override
    public List<ManagedPolicy> policies() {
        return jdbi.inTransaction(ManagedPolicyTable::all);
    }

    @Override
    public void createPolicy(ManagedPolicy policy) {
        jdbi.useTransaction(handle -> ManagedPolicyTable.insert(handle, policy));
    }

    @Override
    public void updatePolicy(ManagedPolicy policy) {
        jdbi.useTransaction(handle -> SqlStore.one(ManagedPolicyTable.update(handle, policy)));
    }

    @Override
    public void deletePolicy(ManagedPolicy policy) {
        jdbi.useTransaction(handle -> SqlStore.one(ManagedPolicyTable.delete(handle, policy)));
    }

    @Override
    public List<AccessKey> accessKeys() {
        return jdbi.inTransaction(AccessKeyTable::all);
    }

    @Override
    public void createAccessKey(AccessKey key) {
        jdbi.useTransaction(handle -> AccessKeyTable.insert(handle, key));
    }

    @Override
    public void updateAccessKey(AccessKey key) {
        jdbi.useTransaction(handle -> SqlStore.one(AccessKeyTable.update(handle, key)));
    }

    @Override
    public void deleteAccessKey(AccessKey key) {
        jdbi.useTransaction(handle -> SqlStore.one(AccessKeyTable.delete(handle, key)));
    }
}
