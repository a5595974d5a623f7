package io.keyhold.key;

import static io.keyhold.key.KeyState.Creating;
import static io.keyhold.key.KeyState.Disabled;
import static io.keyhold.key.KeyState.Enabled;
import static io.keyhold.key.KeyState.PendingDeletion;
import static io.keyhold.key.KeyState.PendingImport;
import static io.keyhold.key.KeyState.PendingReplicaDeletion;
import static io.keyhold.key.KeyState.Unavailable;
import static io.keyhold.key.KeyState.Updating;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which states a key may be in for what a verb does: AWS's key-state table, with one row for verbs
 * that are alike. Verbs that work in every state have none.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">Key
 *     states</a>
 */
public enum StateRule {
    /** Material is used, or made by rotation. */
    USE(Enabled, Updating),

    /** Description, tags and new aliases. */
    METADATA(Enabled, Disabled, PendingImport, Unavailable, Creating, Updating),

    /** An alias is turned to the key. */
    ALIAS_TARGET(Enabled, Disabled, PendingImport, Unavailable, Creating, Updating) {
        @Override
        String refusal(KeyState state) {
            return "is pending deletion";
        }
    },

    /** CreateGrant. */
    GRANT(Enabled, Unavailable, Updating),

    /** EnableKey and DisableKey; an unavailable key shows its new state when it is back. */
    SWITCH(Enabled, Disabled, Unavailable),

    /** EnableKeyRotation and DisableKeyRotation. */
    ROTATION_SETTING(Enabled, Updating),

    /** GetParametersForImport. */
    IMPORT_PARAMETERS(Enabled, Disabled, PendingImport, Unavailable),

    /** ImportKeyMaterial. */
    IMPORT(Enabled, Disabled, PendingImport, Unavailable, Updating),

    /** DeleteImportedKeyMaterial. */
    MATERIAL_DELETION(
            Enabled, Disabled, PendingDeletion, PendingReplicaDeletion, PendingImport, Unavailable),

    /** ScheduleKeyDeletion. */
    DELETION(Enabled, Disabled, PendingImport, Unavailable, Creating),

    /** CancelKeyDeletion. */
    CANCELLATION(PendingDeletion, PendingReplicaDeletion) {
        @Override
        String refusal(KeyState state) {
            return "is not pending deletion (or pending replica deletion)";
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // nobody else has it
    private final Set<KeyState> allowed;

    StateRule(KeyState first, KeyState... more) {
        this.allowed = EnumSet.of(first, more);
    }

    /**
     * Passes if a key in a state may take part.
     *
     * @throws KmsFault DisabledException or KMSInvalidStateException, with AWS's message
     */
    public void require(KeyState state, Arn key) {
        if (!allowed.contains(state)) {
            throw KmsFault.of(name(state), "%s %s.", key, refusal(state));
        }
    }

    private FaultName name(KeyState state) {
        return this != CANCELLATION && state == Disabled
                ? FaultName.DisabledException
                : FaultName.KMSInvalidStateException;
    }

    String refusal(KeyState state) {
        return switch (state) {
            case Enabled -> "is enabled";
            case Disabled -> "is disabled";
            case PendingDeletion, PendingReplicaDeletion ->
                    "is pending deletion (or pending replica deletion)";
            case PendingImport -> "is pending import";
            case Unavailable -> "is unavailable";
            case Creating -> "is creating";
            case Updating -> "is updating";
        };
    }
}
