package io.keyhold.lifecycle;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done without a caller, by one thread: each minute whatever the calendar asks for, by the
 * one daemon that has the lease; more often what each daemon does for itself.
 */
public final class Jobs implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Jobs.class);

    private static final Duration ROUND = Duration.ofMinutes(1);
    private static final long TICK_SECONDS = 2;
    private static final long PATIENCE_SECONDS = 5;

    private final Lease lease;
    private final Reconciliation reconciliation;
    private final Heartbeat heartbeat;
    private final Rotation rotation;
    private final Deletion deletion;
    private final MaterialDeletion materialDeletion;
    private final Usage usage;
    private final Clocks clocks;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("jobs").factory());
    private @Nullable Duration lastRound;

    Jobs(
            Lease lease,
            Reconciliation reconciliation,
            Heartbeat heartbeat,
            Rotation rotation,
            Deletion deletion,
            MaterialDeletion materialDeletion,
            Usage usage,
            Clocks clocks) {
        this.lease = lease;
        this.reconciliation = reconciliation;
        this.heartbeat = heartbeat;
        this.rotation = rotation;
        this.deletion = deletion;
        this.materialDeletion = materialDeletion;
        this.usage = usage;
        this.clocks = clocks;
    }

    /** Begins; what was missed is made up for at once. */
    public void start() {
        Future<?> ticks =
                thread.scheduleWithFixedDelay(this::tick, 0, TICK_SECONDS, TimeUnit.SECONDS);
        log.debug("jobs are under way: {}", ticks);
    }

    /** What is done every few seconds; once a minute all of it. */
    void tick() {
        attempt("storing what keys are used for", usage::save);
        attempt("looking for missing objects", reconciliation::lookAgain);
        attempt(
                "deleting expired material",
                () -> materialDeletion.allExpired(heartbeat.isTrusted()));
        Duration now = clocks.monotonic().get();
        if (lastRound == null || now.minus(lastRound).compareTo(ROUND) >= 0) {
            attempt("taking the lease", () -> round(now));
        }
    }

    private void round(Duration now) {
        if (lease.take()) {
            lastRound = now;
            round();
        }
    }

    /** Does whatever is due. */
    void round() {
        attempt("rotating keys", () -> rotation.allDue(lease::take));
        attempt(
                "deleting keys",
                () -> deletion.allDue(heartbeat.beat(deletion::postpone), lease::take));
    }

    /** One that fails does not keep the others from their turn, nor itself from the next one. */
    private static void attempt(String what, Runnable job) {
        try {
            job.run();
        } catch (RuntimeException e) {
            log.error("{} failed; it is tried again", what, e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a job is still under way; the next start goes on with it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        attempt("storing what keys are used for", usage::save);
        attempt("giving the lease back", lease::close);
    }
}
