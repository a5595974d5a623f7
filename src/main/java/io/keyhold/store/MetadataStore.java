package io.keyhold.store;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.Canary;
import io.keyhold.key.Grant;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.Tags;
import java.util.List;
import java.util.UUID;

/** Durable metadata of keys. Each method that changes something is one transaction. */
public interface MetadataStore extends AutoCloseable {

    /** Every key that has material, with its active backing keys. */
    List<KeyRecord> keys();

    /** Backing keys whose creation has begun and was not finished, of new and of old keys. */
    List<Unfinished> unfinished();

    /**
     * Begins a key: the record, and its first backing key as being created. It is not among {@link
     * #keys} until {@link #activate}.
     */
    void beginKey(KeyRecord draft);

    /** Begins one more backing key of a key. */
    void beginBackingKey(Arn key, BackingKey backing);

    /**
     * Makes a backing key active and current, in one step.
     *
     * @param encryptions reserved with it, see {@link #reserveEncryptions}
     * @return the key as it stands now
     */
    KeyRecord activate(Arn key, UUID backingId, Canary canary, long encryptions);

    /** Removes a backing key whose object was never made, and its key if that has no other. */
    void discard(Arn key, UUID backingId);

    /** Replaces a key's state; answers the key as it stands now, as all these do. */
    KeyRecord setState(Arn key, KeyState state);

    /** Replaces a key's description. */
    KeyRecord setDescription(Arn key, String description);

    /** Replaces a key's policy. */
    KeyRecord setPolicy(Arn key, KeyPolicy policy);

    /** Replaces all of a key's tags. */
    KeyRecord setTags(Arn key, Tags tags);

    /**
     * Raises the number of encryptions that a backing key may have made.
     *
     * @return the number, with these
     */
    long reserveEncryptions(Arn key, UUID backingId, long more);

    /**
     * Likewise for the current backing key of every key, as long as the number does not exceed a
     * limit.
     *
     * @return the CKA_IDs of those that got theirs
     */
    List<UUID> reserveEncryptionsOfAll(long more, long most);

    /** Every alias. */
    List<Alias> aliases();

    /** Adds an alias. */
    void createAlias(Alias alias);

    /** Replaces an alias by one of the same name. */
    void updateAlias(Alias alias);

    /** Removes an alias. */
    void deleteAlias(Arn alias);

    /** Every grant. */
    List<Grant> grants();

    /** Adds a grant. */
    void createGrant(Grant grant);

    /** Removes a grant. */
    void deleteGrant(Grant grant);

    @Override
    void close();

    /** A backing key that is being created. */
    record Unfinished(KeyRecord key, BackingKey backing) {}
}
