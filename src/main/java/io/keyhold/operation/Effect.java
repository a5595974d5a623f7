package io.keyhold.operation;

import com.google.protobuf.Message;
import io.keyhold.token.KeyStore;
import java.util.function.Supplier;

/**
 * What is left to do once everything has been checked.
 *
 * @param quick whether it takes microseconds, so that the connection's own thread may run it
 */
public record Effect<R extends Message>(boolean quick, Supplier<Answer<R>> run) {

    /** An effect that only reads memory. */
    public static <R extends Message> Effect<R> of(Supplier<R> run) {
        return new Effect<>(true, () -> new Answer<>(run.get(), () -> {}));
    }

    /** An effect that is one fast call into a key store. */
    public static <R extends Message> Effect<R> on(KeyStore keyStore, Supplier<R> run) {
        return new Effect<>(keyStore.inProcess(), () -> new Answer<>(run.get(), () -> {}));
    }

    /** An effect that waits for a disk or makes key material. */
    public static <R extends Message> Effect<R> slow(Supplier<R> run) {
        return new Effect<>(false, () -> new Answer<>(run.get(), () -> {}));
    }

    /**
     * An answer, and how to wipe the secrets in it.
     *
     * @param wipe run once the answer has been sent
     */
    public record Answer<R extends Message>(R message, Runnable wipe) {}
}
