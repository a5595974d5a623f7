package io.keyhold;

/** The daemon cannot start; the message says what an operator has to do. */
public final class StartException extends RuntimeException {

    StartException(String message) {
        super(message);
    }
}
