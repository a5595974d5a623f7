package io.keyhold.store;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Account;
import io.keyhold.iam.Entity;
import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.ServiceIdentity;
import java.util.List;

/**
 * Durable accounts, services and identities. Each method that changes something is one transaction,
 * and replaces the whole of what it is about.
 */
public interface DirectoryStore {

    /** Every account that was made. */
    List<Account> accounts();

    /** Adds an account. */
    void createAccount(Account account);

    /** Every service that is declared, or was when it got keys. */
    List<ServiceIdentity> services();

    /** Replaces them all. */
    void putServices(List<ServiceIdentity> services);

    /** Every user, group and role. */
    List<Entity> entities();

    /** Adds a user, group or role. */
    void createEntity(Entity entity);

    /** Replaces one, by its unique ID. */
    void updateEntity(Entity entity);

    /** Removes one, with all that belongs to it. */
    void deleteEntity(Entity entity);

    /** Every managed policy. */
    List<ManagedPolicy> policies();

    /** Adds a managed policy. */
    void createPolicy(ManagedPolicy policy);

    /** Replaces one, by its unique ID. */
    void updatePolicy(ManagedPolicy policy);

    /** Removes one, with its versions. */
    void deletePolicy(ManagedPolicy policy);

    /** Every access key. */
    List<AccessKey> accessKeys();

    /** Adds an access key of a user who is there. */
    void createAccessKey(AccessKey key);

    /** Replaces the status of one. */
    void updateAccessKey(AccessKey key);

    /** Removes one. */
    void deleteAccessKey(AccessKey key);
}
