package io.keyhold.store;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.Canary;
import io.keyhold.key.Grant;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.Material;
import io.keyhold.key.Schedule;
import io.keyhold.key.ServiceKey;
import io.keyhold.key.Tags;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Durable metadata of keys. Each method that changes something is one transaction. */
public interface MetadataStore extends AutoCloseable {

    /** What the jobs remember, in the same place. */
    JobStore jobs();

    /** What keys were used for, likewise. */
    UsageStore usage();

    /** Every key that callers know, with its backing keys. */
    List<KeyRecord> keys();

    /** One of them. */
    Optional<KeyRecord> key(Arn key);

    /** Backing keys that are being created or imported, of new and of old keys. */
    List<Unfinished> unfinished();

    /**
     * Begins a key: the record, and its first backing key as being created. It is not among {@link
     * #keys} until {@link #activate}.
     */
    void beginKey(KeyRecord draft);

    /** Adds a key that has no material, and waits for its import. */
    KeyRecord createKey(KeyRecord draft);

    /** Begins one more backing key of a key. */
    void beginBackingKey(Arn key, BackingKey backing);

    /**
     * Makes a backing key active and current, in one step.
     *
     * @param encryptions reserved with it, see {@link #reserveEncryptions}
     * @param schedule the key's from now on
     * @return the key as it stands now
     */
    KeyRecord activate(Arn key, UUID backingId, Canary canary, long encryptions, Schedule schedule);

    /**
     * Adds a backing key that was made long ago; it becomes active and not current.
     *
     * @return the key as it stands now
     */
    KeyRecord adopt(Arn key, BackingKey backing, Canary canary);

    /**
     * Takes back the beginning of a backing key whose object was never made: the row waits for its
     * import if it did so before, else it is removed, and a new key with it.
     */
    void discard(Arn key, UUID backingId);

    /** Begins to import material once more whose row waits for it. */
    void beginImportAgain(Arn key, UUID backingId, String token);

    /**
     * Makes imported material active; and current, if the key has none yet.
     *
     * @param encryptions reserved with it, see {@link #reserveEncryptions}
     * @param enable whether the key is Enabled from now on, if it was Disabled
     * @return the key as it stands now
     */
    KeyRecord activateImported(
            Arn key,
            UUID backingId,
            Canary canary,
            ImportTerms terms,
            long encryptions,
            boolean enable);

    /** Says that imported material is not to be used, or is again: its object stays. */
    KeyRecord setExpired(Arn key, UUID backingId, boolean expired);

    /** Replaces what was said of imported material. */
    KeyRecord setTerms(Arn key, UUID backingId, ImportTerms terms);

    /** Makes imported material current. */
    KeyRecord rotateTo(Arn key, UUID backingId, Instant now);

    /** Begins to delete imported material: its object is being destroyed. */
    KeyRecord beginMaterialDeletion(Arn key, UUID backingId);

    /**
     * Ends that.
     *
     * @param keep whether the row waits for the material to be imported again
     */
    KeyRecord endMaterialDeletion(Arn key, UUID backingId, boolean keep);

    /** Replaces a key's state; answers the key as it stands now, as all these do. */
    KeyRecord setState(Arn key, KeyState state);

    /** Replaces a key's state and schedule together. */
    KeyRecord setSchedule(Arn key, KeyState state, Schedule schedule);

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

    /** Makes safe what may be the rows of an old copy. */
    Mistrust.Outcome mistrust(Mistrust mistrust);

    /** The keys whose current backing key may have made so many encryptions. */
    List<Arn> worn(long encryptions);

    /**
     * Begins the end of a key: all its backing keys are being destroyed, and it is no longer among
     * {@link #keys}.
     */
    void beginDestruction(Arn key);

    /** The keys whose end has begun. */
    List<Doomed> doomed();

    /**
     * Removes a key whose objects are gone, with its aliases and grants. Its ID is never used
     * again.
     */
    void bury(Arn key, Instant now);

    /** Every key that was deleted. */
    List<Tombstone> tombstones();

    /** Every alias. */
    List<Alias> aliases();

    /** Adds an alias. */
    void createAlias(Alias alias);

    /** Replaces an alias by one of the same name. */
    void updateAlias(Alias alias);

    /** Removes an alias. */
    void deleteAlias(Arn alias);

    /** Every key that an account has chosen for a service. */
    List<ServiceKey> serviceKeys();

    /** Chooses one, in place of the one before. */
    void putServiceKey(ServiceKey chosen);

    /** Forgets a choice. */
    void deleteServiceKey(ServiceKey chosen);

    /** Every grant. */
    List<Grant> grants();

    /** Adds a grant. */
    void createGrant(Grant grant);

    /** Removes a grant. */
    void deleteGrant(Grant grant);

    @Override
    void close();

    /** A key that is being deleted, with whatever objects it has. */
    record Doomed(Arn key, List<Material> materials) {}

    /** A key that was deleted. */
    record Tombstone(Arn key, Instant deletedAt) {}

    /** A backing key that is being created. */
    record Unfinished(KeyRecord key, BackingKey backing) {

        public Material material() {
            return key.material(backing);
        }
    }
}
