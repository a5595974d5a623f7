package io.keyhold.operation;

import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What is left to do once everything has been checked.
 *
 * @param quick whether it takes microseconds, so that the connection's own thread may run it
 */
public record Effect<R extends Message>(boolean quick, Supplier<Answer<R>> run) {

    /** An effect whose answer holds no secret. */
    public static <R extends Message> Effect<R> of(boolean quick, Supplier<R> run) {
        return new Effect<>(quick, () -> new Answer<>(run.get(), () -> {}));
    }

    /** An effect that only reads memory. */
    public static <R extends Message> Effect<R> of(Supplier<R> run) {
        return of(true, run);
    }

    /** An effect that waits for a disk or makes key material. */
    public static <R extends Message> Effect<R> slow(Supplier<R> run) {
        return of(false, run);
    }

    /**
     * An answer, and how to wipe the secrets in it.
     *
     * @param wipe run once the answer has been sent
     */
    public record Answer<R extends Message>(R message, Runnable wipe) {

        /** An answer that holds these very bytes. */
        public static <R extends Message> Answer<R> secret(R message, byte[] secret) {
            return new Answer<>(message, () -> Arrays.fill(secret, (byte) 0));
        }
    }
}
