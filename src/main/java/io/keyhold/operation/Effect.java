package io.keyhold.operation;

import com.google.protobuf.Message;
import io.keyhold.key.Arn;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is left to do once everything has been checked.
 *
 * @param quick whether it takes microseconds, so that the connection's own thread may run it
 */
public record Effect<R extends Message>(boolean quick, Supplier<Answer<R>> run) {

    /** An effect whose answer holds no secret. */
    public static <R extends Message> Effect<R> of(boolean quick, Supplier<R> run) {
        return new Effect<>(quick, () -> new Answer<>(run.get(), () -> {}, List.of()));
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
     * @param made what is there from now on, for the audit record
     */
    public record Answer<R extends Message>(R message, Runnable wipe, List<Arn> made) {

        /** An answer that holds no secret, once this has been made. */
        public static <R extends Message> Answer<R> made(Arn made, R message) {
            return new Answer<>(message, () -> {}, List.of(made));
        }

        /** An answer that holds these very bytes. */
        public static <R extends Message> Answer<R> secret(R message, byte[] secret) {
            return new Answer<>(message, () -> Arrays.fill(secret, (byte) 0), List.of());
        }
    }
}
