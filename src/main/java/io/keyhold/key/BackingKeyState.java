package io.keyhold.key;

/** The state of a backing key's row; it never shows to a caller. */
public enum BackingKeyState {
    /** The row is written, the token object may or may not exist yet. */
    CREATING,
    /** The token object exists and has been checked. */
    ACTIVE,
    /** The key is being deleted; the token object may be gone already. */
    DESTROYING
}
