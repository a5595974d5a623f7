package io.keyhold.token.pkcs11;

/** What a return value means for what to do next. */
enum CkrClass {
    /** The data is at fault (a tag, a length): tell the caller; the token is well. */
    DATA,
    /** The data or the token is at fault: ask the canary. */
    AMBIGUOUS,
    /** The handle names nothing: find the object again, once. */
    HANDLE_STALE,
    /** The session is gone: open another, once. */
    SESSION_LOST,
    /** The token or the library's state is gone: begin a new epoch. */
    DEVICE_LOST,
    /** Memory, sessions or space ran out: refuse, without a new epoch. */
    EXHAUSTED,
    /** The PIN was refused: never try it again. */
    PIN,
    /** The token has not this mechanism, size or curve. */
    UNSUPPORTED,
    /** Keyhold used the library wrongly. */
    BUG
}
