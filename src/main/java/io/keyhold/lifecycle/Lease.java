package io.keyhold.lifecycle;

import io.keyhold.store.JobStore;
import java.time.Duration;
import java.util.UUID;

/**
 * The right to run the jobs, which one daemon has at a time. It is asked for before each step,
 * since a daemon that was paused has lost it without noticing.
 */
final class Lease implements AutoCloseable {

    static final Duration LENGTH = Duration.ofSeconds(15);

    private final JobStore store;
    private final Clocks clocks;
    private final String holder = UUID.randomUUID().toString();

    Lease(JobStore store, Clocks clocks) {
        this.store = store;
        this.clocks = clocks;
    }

    /** Takes the lease or makes it longer; whether that was possible. */
    boolean take() {
        return store.takeLease(holder, clocks.now(), LENGTH);
    }

    @Override
    public void close() {
        store.releaseLease(holder);
    }
}
