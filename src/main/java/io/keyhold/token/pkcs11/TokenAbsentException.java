package io.keyhold.token.pkcs11;

/** The token is not in any slot; it may come. */
final class TokenAbsentException extends RuntimeException {

    TokenAbsentException(String message) {
        super(message, null, false, false);
    }
}
