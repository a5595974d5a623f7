package io.keyhold.token.pkcs11;

import java.util.Locale;

/** A PKCS#11 function answered something else than CKR_OK. */
final class CkrException extends RuntimeException {

    private final long code;
    private final CkrClass kind;

    CkrException(String function, long code) {
        super(String.format(Locale.ROOT, "%s: %s", function, Ckr.name(code)), null, false, false);
        this.code = code;
        this.kind = Ckr.classify(function, code);
    }

    /** The CKR_ code. */
    long code() {
        return code;
    }

    /** What it means for what to do next. */
    CkrClass kind() {
        return kind;
    }
}
