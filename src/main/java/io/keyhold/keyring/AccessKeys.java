package io.keyhold.keyring;

import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Entity;
import io.keyhold.iam.Kind;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.store.DirectoryStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The access keys of the users of a {@link Directory}. */
public final class AccessKeys {

    private final DirectoryStore store;
    private final Directory directory;
    private final Map<String, AccessKey> byId = new ConcurrentHashMap<>();

    AccessKeys(DirectoryStore store, Directory directory) {
        this.store = store;
        this.directory = directory;
        store.accessKeys().forEach(key -> byId.put(key.id(), key));
    }

    /** The access key with this ID, whosever it is. */
    public Optional<AccessKey> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All that a user has. */
    public List<AccessKey> of(Entity user) {
        return byId.values().stream().filter(key -> key.userId().equals(user.uniqueId())).toList();
    }

    /**
     * The access key with this ID, if it is the user's.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public AccessKey require(Entity user, String id) {
        return find(id).filter(key -> key.userId().equals(user.uniqueId()))
                .orElseThrow(() -> AccessKey.notFound(id));
    }

    /**
     * Passes if a user may have one more.
     *
     * @throws KmsFault LimitExceededException
     */
    public void requireRoom(Entity user) {
        if (of(user).size() >= AccessKey.MOST_PER_USER) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "Cannot exceed quota for AccessKeysPerUser: %d",
                    AccessKey.MOST_PER_USER);
        }
    }

    /**
     * Adds an access key of a user.
     *
     * @throws KmsFault LimitExceededException; NoSuchEntityException if the user has gone meanwhile
     */
    public void create(Entity user, AccessKey key) {
        synchronized (directory) {
            if (directory.uniqueId(user.arn()).filter(user.uniqueId()::equals).isEmpty()) {
                throw Kind.USER.notFound(user.name());
            }
            requireRoom(user);
            store.createAccessKey(key);
            byId.put(key.id(), key);
        }
    }

    /**
     * Lets an access key of a user be used, or not.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public void setStatus(Entity user, String id, AccessKey.Status status) {
        synchronized (directory) {
            AccessKey changed = require(user, id).with(status);
            store.updateAccessKey(changed);
            byId.put(id, changed);
        }
    }

    /**
     * Removes an access key of a user.
     *
     * @throws KmsFault NoSuchEntityException
     */
    public void delete(Entity user, String id) {
        synchronized (directory) {
            AccessKey key = require(user, id);
            store.deleteAccessKey(key);
            byId.remove(id);
        }
    }
}
