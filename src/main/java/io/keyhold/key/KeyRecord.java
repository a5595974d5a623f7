package io.keyhold.key;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A key as it stands: everything but its material.
 *
 * @param arn carries partition, region and account
 * @param schedule what happens to it by itself
 * @param version one more with each change
 * @param currentId the backing key that encrypts
 * @param backingKeys the active ones, oldest first; never empty
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
        UUID currentId,
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
        return state != KeyState.Enabled && state != KeyState.Disabled
                ? this
                : new KeyRecord(
                        id,
                        arn,
                        spec,
                        usage,
                        origin,
                        manager,
                        KeyState.Unavailable,
                        description,
                        policy,
                        tags,
                        createdAt,
                        schedule,
                        version,
                        currentId,
                        backingKeys);
    }

    /** Whether the key can have new material without anybody's help. */
    public boolean rotatesItself() {
        return spec == KeySpec.SYMMETRIC_DEFAULT && origin == KeyOrigin.AWS_KMS;
    }

    /** The backing key that encrypts. */
    public BackingKey current() {
        return backingKey(currentId)
                .orElseThrow(() -> new IllegalStateException(arn + " has no current material"));
    }

    /** All its active backing keys, likewise. */
    public List<Material> materials() {
        return backingKeys.stream().map(this::material).toList();
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

    /** How many of the rotations were asked for by a caller. */
    public long onDemandRotations() {
        return backingKeys.stream().filter(BackingKey::isOnDemand).count();
    }
}
