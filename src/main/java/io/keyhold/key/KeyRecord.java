package io.keyhold.key;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A key as it stands: everything but its material.
 *
 * @param arn carries partition, region and account
 * @param schedule what happens to it by itself
 * @param version one more with each change
 * @param currentId the backing key that encrypts; null as long as none was imported
 * @param backingKeys those that are, or once were, active, oldest first; empty likewise
 */
public record KeyRecord(
        KeyId id,
        Arn arn,
        KeySpec spec,
        KeyUsage usage,
        KeyOrigin origin,
        KeyManager manager,
        KeyState state,
        String description,
        KeyPolicy policy,
        Tags tags,
        Instant createdAt,
        Schedule schedule,
        long version,
        @Nullable UUID currentId,
        List<BackingKey> backingKeys) {

    public KeyRecord {
        backingKeys = List.copyOf(backingKeys);
    }

    /**
     * Passes if the key's state is one that a rule allows.
     *
     * @throws KmsFault DisabledException or KMSInvalidStateException
     */
    public void require(StateRule rule) {
        rule.require(state, arn);
    }

    /** The same, as it shows while none of its material can be reached. */
    public KeyRecord unavailable() {
        return shownAs(KeyState.Unavailable);
    }

    /**
     * The same, as it shows: PendingImport if it has no material yet, or not all that ever
     * encrypted.
     */
    public KeyRecord shown() {
        boolean waits =
                origin == KeyOrigin.EXTERNAL
                        && (currentId == null
                                || backingKeys.stream()
                                        .anyMatch(each -> !each.isPresent() && !isPending(each)));
        return waits ? shownAs(KeyState.PendingImport) : this;
    }

    private KeyRecord shownAs(KeyState other) {
        return state != KeyState.Enabled && state != KeyState.Disabled
                ? this
                : new KeyRecord(
                        id,
                        arn,
                        spec,
                        usage,
                        origin,
                        manager,
                        other,
                        description,
                        policy,
                        tags,
                        createdAt,
                        schedule,
                        version,
                        currentId,
                        backingKeys);
    }

    /** Imported material that waits for the rotation that makes it current. */
    public Optional<BackingKey> pendingRotation() {
        return backingKeys.stream().filter(this::isPending).findFirst();
    }

    /**
     * Likewise, if it can be rotated to.
     *
     * @throws KmsFault KMSInvalidStateException
     */
    public BackingKey requirePendingRotation() {
        return pendingRotation()
                .filter(BackingKey::isPresent)
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.KMSInvalidStateException,
                                        "No available key material pending rotation for the key:"
                                                + " %s.",
                                        arn));
    }

    /** Whether that is the one. */
    public boolean isPending(BackingKey backing) {
        return origin == KeyOrigin.EXTERNAL
                && currentId != null
                && backing.generation() > current().generation();
    }

    /** The kind that it is in its account. */
    public KeyKind kind() {
        return manager == KeyManager.AWS ? KeyKind.SERVICE_MANAGED : KeyKind.CUSTOMER_MANAGED;
    }

    /** Whether the key can have new material without anybody's help. */
    public boolean rotatesItself() {
        return spec == KeySpec.SYMMETRIC_DEFAULT && origin == KeyOrigin.AWS_KMS;
    }

    /** The backing key that encrypts, of a key that has had material. */
    public BackingKey current() {
        return Optional.ofNullable(currentId)
                .flatMap(this::backingKey)
                .orElseThrow(() -> new IllegalStateException(arn + " has no current material"));
    }

    /** Whether a backing key is that one. */
    public boolean isCurrent(BackingKey backing) {
        return backing.id().equals(currentId);
    }

    /** What is in a token of it, as a token has to know it. */
    public List<Material> materials() {
        return backingKeys.stream().filter(BackingKey::isInToken).map(this::material).toList();
    }

    /** One of its backing keys, as a token has to know it. */
    public Material material(BackingKey backing) {
        return new Material(id, spec, usage, backing);
    }

    /** The backing key that a ciphertext's header names. */
    public Optional<BackingKey> backingKey(UUID backingId) {
        for (BackingKey candidate : backingKeys) {
            if (candidate.id().equals(backingId)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** The backing key that callers see under an ID of key material. */
    public Optional<BackingKey> ofKeyMaterial(String keyMaterialId) {
        return backingKeys.stream()
                .filter(each -> each.keyMaterialId().equals(keyMaterialId))
                .findFirst();
    }

    /** How many of the rotations were asked for by a caller. */
    public long onDemandRotations() {
        return backingKeys.stream().filter(BackingKey::isOnDemand).count();
    }
}
