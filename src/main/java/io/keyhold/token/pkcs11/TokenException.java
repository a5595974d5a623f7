package io.keyhold.token.pkcs11;

import org.jspecify.annotations.Nullable;

/** A token cannot be opened as it is configured; the message says what to do, for an operator. */
public class TokenException extends RuntimeException {

    TokenException(String message) {
        super(message);
    }

    TokenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
