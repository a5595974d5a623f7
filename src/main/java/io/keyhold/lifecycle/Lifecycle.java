package io.keyhold.lifecycle;

import io.keyhold.audit.Journal;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Schedule;
import io.keyhold.key.Service;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.DefaultKeyPolicy;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import io.keyhold.token.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of keys, from creation to deletion, in token and store together. */
public final class Lifecycle {

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private final MetadataStore store;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final LifeEvents events;
    private final Clocks clocks;
    private final String partition;
    private final EncryptionCounts counts;
    private final Usage usage;
    private final Materials materials;
    private final Reconciliation reconciliation;
    private final Rotation rotation;
    private final Deletion deletion;
    private final MaterialDeletion materialDeletion;
    private final Importing importing;
    private final Adoption adoption;
    private final Heartbeat heartbeat;

    public Lifecycle(
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Journal journal,
            Clocks clocks,
            String partition) {
        this.store = store;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.clocks = clocks;
        this.partition = partition;
        this.counts = new EncryptionCounts(store);
        this.usage = new Usage(store.usage(), clocks);
        this.heartbeat = new Heartbeat(store.jobs(), clocks);
        this.events = new LifeEvents(journal, clocks);
        this.materials = new Materials(store, keyStore, keyring, counts, events, clocks);
        this.deletion = new Deletion(store, keyStore, keyring, aliases, grants, events, clocks);
        this.materialDeletion = new MaterialDeletion(store, keyStore, keyring, events, clocks);
        this.reconciliation =
                new Reconciliation(store, keyStore, materials, deletion, materialDeletion, keyring);
        this.importing = new Importing(store, keyStore, keyring, materials, counts, reconciliation);
        this.adoption = new Adoption(store, keyStore, keyring, clocks);
        this.rotation =
                new Rotation(store, keyring, materials, reconciliation, counts, events, clocks);
        CrashPoint.announce();
    }

    /**
     * Takes in what the store knows of the use of keys, unless that is an old copy. Once, before
     * keys are loaded from the store.
     *
     * @param lastEvent the time of the last one in the audit journal
     */
    public void load(Optional<Instant> lastEvent) {
        Restoration.notice(store, events, lastEvent, clocks);
        counts.load();
        usage.load();
    }

    /** Brings token and store in step, after a start and whenever the token has come back. */
    public void reconcile() {
        try {
            reconciliation.run();
        } catch (KmsFault e) {
            log.warn("the token went away while it was compared with the store: {}", e.text());
        }
    }

    /**
     * Likewise, for somebody who wants to know.
     *
     * @return what was not in step
     * @throws KmsFault KeyUnavailableException without a token
     */
    public List<Finding> findings() {
        return reconciliation.examine();
    }

    /**
     * Takes an object in whose row was lost, for decryption.
     *
     * @param ckaId the object's CKA_ID
     * @throws KmsFault NotFoundException, ConflictException
     */
    public KeyRecord adopt(UUID ckaId) {
        return adoption.adopt(ckaId);
    }

    /** Whether that has been done since the start. */
    public boolean reconciled() {
        return reconciliation.done();
    }

    /** What is done without a caller; not begun yet. */
    public Jobs jobs() {
        return new Jobs(
                new Lease(store.jobs(), clocks),
                reconciliation,
                heartbeat,
                rotation,
                deletion,
                materialDeletion,
                usage,
                clocks);
    }

    /** What keys and their materials were used for. */
    public Usage usage() {
        return usage;
    }

    /** Since when it is known what keys were used for. */
    public Instant trackedSince() {
        return heartbeat.begun();
    }

    /** The ARN of a key that does not exist yet. */
    public Arn newKeyArn(String region, String account) {
        return Arn.key(partition, region, account, KeyId.random());
    }

    /**
     * Creates a key; when this returns, it is durable, and usable unless its material is to be
     * imported.
     *
     * @throws KmsFault UnsupportedOperationException if the token cannot have its material
     */
    public KeyRecord createKey(NewKey wanted) {
        if (wanted.origin() == KeyOrigin.EXTERNAL) {
            keyStore.requireImportable(wanted.spec());
            KeyRecord draft = draft(wanted, Optional.empty());
            return keyring.underLock(
                    draft.arn(),
                    () -> {
                        KeyRecord key = store.createKey(draft);
                        keyring.publish(key);
                        return key;
                    });
        }
        BackingKey first = materials.draft(id(wanted), 1, null);
        KeyRecord draft = draft(wanted, Optional.of(first));
        return keyring.underLock(
                draft.arn(),
                () -> {
                    store.beginKey(draft);
                    return materials.complete(draft, first);
                });
    }

    /** Likewise, one that a service needs in an account: no caller's record tells of it. */
    public KeyRecord createKey(NewKey wanted, Service neededBy) {
        events.creating(wanted.arn(), neededBy);
        return createKey(wanted);
    }

    private static KeyId id(NewKey wanted) {
        return wanted.arn().keyId().flatMap(KeyId::parse).orElseThrow();
    }

    private KeyRecord draft(NewKey wanted, Optional<BackingKey> first) {
        return new KeyRecord(
                id(wanted),
                wanted.arn(),
                wanted.spec(),
                wanted.usage(),
                wanted.origin(),
                wanted.manager(),
                KeyState.Enabled,
                wanted.description(),
                wanted.policy().orElseGet(() -> defaultPolicy(wanted.arn())),
                wanted.tags(),
                clocks.now(),
                Schedule.NONE,
                0,
                first.map(BackingKey::id).orElse(null),
                first.stream().toList());
    }

    /**
     * Imports material into a key of origin EXTERNAL; when this returns, it is durable and in the
     * token.
     *
     * @return the material
     * @throws KmsFault InvalidCiphertextException, IncorrectKeyMaterialException, or
     *     KMSInvalidStateException if other material waits for its rotation
     */
    public BackingKey importMaterial(Arn key, NewMaterial wanted) {
        return importing.run(key, wanted);
    }

    /**
     * Deletes imported material; when this returns, it is not in the token.
     *
     * @param keyMaterialId the current one's if empty
     * @return the material, unless the key has none
     * @throws KmsFault NotFoundException if the key has no such material
     */
    public Optional<BackingKey> deleteMaterial(Arn key, Optional<String> keyMaterialId) {
        return keyring.underLock(
                key,
                () -> {
                    importing.undoEarlier(key);
                    return materialDeletion.delete(key, keyMaterialId);
                });
    }

    private KeyPolicy defaultPolicy(Arn key) {
        return new KeyPolicy(DefaultKeyPolicy.document(partition, key.account()));
    }

    /** Whether {@link #forEncryption} takes microseconds. */
    public boolean readyToEncrypt(KeyRecord key) {
        return counts.ready(key.current());
    }

    /**
     * The key with material that may encrypt once more, which is counted. Material that has
     * encrypted as often as is safe is replaced first, if the key can do that by itself.
     *
     * @throws KmsFault LimitExceededException if it cannot
     */
    public KeyRecord forEncryption(KeyRecord key) {
        return rotation.forEncryption(key);
    }

    /**
     * Gives a key new material on a caller's demand; when this returns, it encrypts with that.
     *
     * @throws KmsFault LimitExceededException after 25 of them
     */
    public KeyRecord rotateOnDemand(Arn key) {
        return rotation.onDemand(key);
    }

    /** When an on-demand rotation began that is not complete. */
    public Optional<Instant> unfinishedRotation(Arn key) {
        return store.unfinished().stream()
                .filter(each -> each.key().arn().equals(key))
                .map(Unfinished::backing)
                .filter(BackingKey::isOnDemand)
                .map(BackingKey::createdAt)
                .findFirst();
    }

    /** Lets a key rotate at dates, from now on; with the period that it has, nothing changes. */
    public KeyRecord enableRotation(Arn key, int periodInDays) {
        return keyring.change(
                key,
                now -> {
                    now.require(StateRule.ROTATION_SETTING);
                    boolean same =
                            now.schedule()
                                    .rotation()
                                    .filter(dates -> dates.periodInDays() == periodInDays)
                                    .isPresent();
                    return same
                            ? now
                            : withRotation(
                                    now,
                                    Optional.of(
                                            Schedule.Rotation.every(periodInDays, clocks.now())));
                });
    }

    /** Lets a key not rotate at dates any more. */
    public KeyRecord disableRotation(Arn key) {
        return keyring.change(
                key,
                now -> {
                    now.require(StateRule.ROTATION_SETTING);
                    return now.schedule().rotation().isEmpty()
                            ? now
                            : withRotation(now, Optional.empty());
                });
    }

    private KeyRecord withRotation(KeyRecord key, Optional<Schedule.Rotation> dates) {
        return store.setSchedule(key.arn(), key.state(), key.schedule().withRotation(dates));
    }

    /** Plans the end of a key. */
    public KeyRecord scheduleDeletion(Arn key, int windowInDays) {
        return deletion.schedule(key, Duration.ofDays(windowInDays));
    }

    /** Calls the end of a key off; it is disabled then. */
    public KeyRecord cancelDeletion(Arn key) {
        return deletion.cancel(key);
    }
}
