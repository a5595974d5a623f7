package io.keyhold.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a package from logging, while a test makes it fail thousands of times. */
public final class Quiet implements AutoCloseable {

    private final Logger logger;

    private Quiet(String noisy) {
        logger = (Logger) LoggerFactory.getLogger(noisy);
        logger.setLevel(Level.OFF);
    }

    public static Quiet about(Package noisy) {
        return new Quiet(noisy.getName());
    }

    @Override
    public void close() {
        logger.setLevel(null);
    }
}
