package io.keyhold.config;

/** A configuration cannot be used; the message names file, line and what would be right. */
public final class ConfigException extends RuntimeException {

    ConfigException(String message) {
        super(message);
    }
}
