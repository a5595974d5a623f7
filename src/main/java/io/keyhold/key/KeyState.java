package io.keyhold.key;

/**
 * The state of a key, by AWS's names. Creating, Updating and PendingReplicaDeletion exist for
 * multi-Region keys only. {@link StateRule} says what a key can do in which.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">Key
 *     states</a>
 */
public enum KeyState {
    Creating,
    Disabled,
    Enabled,
    PendingDeletion,
    PendingImport,
    PendingReplicaDeletion,
    Unavailable,
    Updating
}
