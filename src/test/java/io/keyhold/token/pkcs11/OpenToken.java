package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A key store opened as the daemon opens it, but over a watched binding. */
final class OpenToken implements AutoCloseable {

    private final TokenSettings settings;
    private final WatchedCryptoki cryptoki;
    private final AtomicInteger abandoned = new AtomicInteger();
    private final Pkcs11KeyStore store;

    private OpenToken(TokenSettings settings, WatchedCryptoki cryptoki) {
        this.settings = settings;
        this.cryptoki = cryptoki;
        this.store = new Pkcs11KeyStore(cryptoki, settings, this::abandon);
    }

    /** Where the process would end, the thread that wants it to does. */
    private void abandon() {
        abandoned.incrementAndGet();
        Thread.currentThread().interrupt();
    }

    static OpenToken open(TokenSettings settings) {
        return new OpenToken(settings, watched(settings));
    }

    /** The library that settings name, ready to be initialised, watched. */
    static WatchedCryptoki watched(TokenSettings settings) {
        ProcessEnvironment.set(settings.environment());
        try {
            return new WatchedCryptoki(
                    new SunCryptoki(LibraryConfiguration.read(settings.libraryConfiguration())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Pkcs11KeyStore store() {
        return store;
    }

    WatchedCryptoki cryptoki() {
        return cryptoki;
    }

    /** How often the library was initialised. */
    long epochs() {
        return cryptoki.calls("C_Initialize");
    }

    /** How often the process would have been ended. */
    int abandoned() {
        return abandoned.get();
    }

    /** Looks into the token; close it before the epoch ends. */
    TokenProbe probe() {
        return new TokenProbe(cryptoki, settings);
    }

    /** Closes the key store, and nothing of what it may have left behind. */
    void closeStore() {
        store.close();
    }

    /** Leaves a library that the next test can initialise, even if this one failed. */
    @Override
    public void close() {
        try {
            closeStore();
        } finally {
            if (cryptoki.initialized()) {
                cryptoki.terminate();
            }
        }
    }
}
