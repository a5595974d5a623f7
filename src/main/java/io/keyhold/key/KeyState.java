package io.keyhold.key;

/**
 * The state of a key, by AWS's names. Creating, Updating and PendingReplicaDeletion exist for
 * multi-Region keys only.
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
    Updating;

    /**
     * Passes if a key in this state may be used in a cryptographic operation or rotated.
     *
     * @throws KmsFault DisabledException or KMSInvalidStateException, as AWS's key-state table says
     */
    public void requireUsable(Arn key) {
        switch (this) {
            case Enabled, Updating -> {}
            case Disabled -> throw KmsFault.of(FaultName.DisabledException, "%s is disabled.", key);
            case PendingDeletion, PendingReplicaDeletion ->
                    throw invalid(key, "pending deletion (or pending replica deletion)");
            case PendingImport -> throw invalid(key, "pending import");
            case Unavailable -> throw invalid(key, "unavailable");
            case Creating -> throw invalid(key, "creating");
        }
    }

    /**
     * Passes if a key in this state may be enabled or disabled.
     *
     * @throws KmsFault KMSInvalidStateException, as AWS's key-state table says
     */
    public void requireSwitchable(Arn key) {
        switch (this) {
            case Enabled, Disabled, Unavailable -> {}
            case Updating -> throw invalid(key, "updating");
            case PendingDeletion, PendingReplicaDeletion, PendingImport, Creating ->
                    requireUsable(key);
        }
    }

    /**
     * Passes if the metadata of a key in this state may be changed.
     *
     * @throws KmsFault KMSInvalidStateException if the key is to be deleted
     */
    public void requireNotPendingDeletion(Arn key) {
        if (this == PendingDeletion || this == PendingReplicaDeletion) {
            requireUsable(key);
        }
    }

    /**
     * Passes if a key in this state may get a grant.
     *
     * @throws KmsFault DisabledException or KMSInvalidStateException, as AWS's key-state table says
     */
    public void requireGrantable(Arn key) {
        if (this != Unavailable) {
            requireUsable(key);
        }
    }

    private static KmsFault invalid(Arn key, String state) {
        return KmsFault.of(FaultName.KMSInvalidStateException, "%s is %s.", key, state);
    }
}
