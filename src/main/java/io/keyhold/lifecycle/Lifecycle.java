package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.key.StateRule;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import io.keyhold.policy.DefaultKeyPolicy;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStore.Unfinished;
import io.keyhold.token.KeyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Creates and rotates keys, in token and store together. */
public final class Lifecycle {

    /** How often a key may be rotated on demand, for its whole life. */
    public static final int MOST_ON_DEMAND_ROTATIONS = 25;

    private final MetadataStore store;
    private final Keyring keyring;
    private final InstantSource clock;
    private final String partition;
    private final Materials materials;
    private final Reconciliation reconciliation;

    public Lifecycle(
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            EncryptionCounts counts,
            InstantSource clock,
            String partition) {
        this.store = store;
        this.keyring = keyring;
        this.clock = clock;
        this.partition = partition;
        this.materials = new Materials(store, keyStore, keyring, counts, clock);
        this.reconciliation = new Reconciliation(store, keyStore, materials, keyring);
        CrashPoint.announce();
    }

    /** Brings token and store in step, after a start and whenever the token has come back. */
    public void reconcile() {
        reconciliation.run();
    }

    /** Whether that has been done since the start. */
    public boolean reconciled() {
        return reconciliation.done();
    }

    /** The ARN of a key that does not exist yet. */
    public Arn newKeyArn(String region, String account) {
        return Arn.key(partition, region, account, KeyId.random());
    }

    /**
     * Creates a symmetric encryption key; when this returns, the key is durable and usable.
     *
     * @param arn a new one
     * @param policy its key policy; without one it has the default
     */
    public KeyRecord createKey(
            Arn arn,
            KeyManager manager,
            String description,
            Optional<KeyPolicy> policy,
            Tags tags) {
        KeyId id = arn.keyId().flatMap(KeyId::parse).orElseThrow();
        BackingKey first = materials.draft(id, 1, null);
        KeyRecord draft =
                new KeyRecord(
                        id,
                        arn,
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT,
                        KeyOrigin.AWS_KMS,
                        manager,
                        KeyState.Enabled,
                        description,
                        policy.orElseGet(
                                () ->
                                        new KeyPolicy(
                                                DefaultKeyPolicy.document(
                                                        partition, arn.account()))),
                        tags,
                        clock.instant(),
                        0,
                        first.id(),
                        List.of(first));
        ReentrantLock lock = keyring.lock(draft.arn());
        lock.lock();
        try {
            store.beginKey(draft);
            return materials.complete(draft, first);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a key new material on a caller's demand; when this returns, it encrypts with that.
     *
     * @throws KmsFault LimitExceededException after {@value #MOST_ON_DEMAND_ROTATIONS} of them
     */
    public KeyRecord rotateOnDemand(Arn key) {
        ReentrantLock lock = keyring.lock(key);
        lock.lock();
        try {
            KeyRecord now = keyring.get(key);
            now.require(StateRule.USE);
            if (now.onDemandRotations() >= MOST_ON_DEMAND_ROTATIONS) {
                throw KmsFault.of(
                        FaultName.LimitExceededException,
                        "The on-demand rotations limit has been reached for the given keyId. No"
                                + " more on-demand rotations can be performed for this key: %s",
                        key);
            }
            Optional<KeyRecord> takenOver = finishEarlierRotation(key);
            if (takenOver.isPresent()) {
                return takenOver.get();
            }
            int generation = now.backingKeys().getLast().generation() + 1;
            BackingKey next = materials.draft(now.id(), generation, RotationType.ON_DEMAND);
            store.beginBackingKey(key, next);
            return materials.complete(now, next);
        } finally {
            lock.unlock();
        }
    }

    /** A retry takes over the material that its first try made before the token went away. */
    private Optional<KeyRecord> finishEarlierRotation(Arn key) {
        for (Unfinished unfinished : store.unfinished()) {
            if (unfinished.key().arn().equals(key)) {
                return reconciliation.settle(unfinished);
            }
        }
        return Optional.empty();
    }
}
