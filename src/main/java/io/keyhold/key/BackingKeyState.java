package io.keyhold.key;

/** The state of a backing key's row; it never shows to a caller. */
public enum BackingKeyState {
    /** The row is written, the token object may or may not exist yet. */
    CREATING,
    /** The token object exists and has been checked. */
    ACTIVE,
    /**
     * Imported material whose time has come, by a clock that is not to be trusted yet: not used,
     * and not destroyed.
     */
    EXPIRED,
    /**
     * The key, or its imported material, is being deleted; the token object may be gone already.
     */
    DESTROYING,
    /** Imported material that was deleted or has expired; the row waits for it to come again. */
    PENDING_IMPORT
}
