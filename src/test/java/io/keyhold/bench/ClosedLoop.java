package io.keyhold.bench;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A fixed number of calls in flight: each that ends starts the next one. All of it happens on the
 * client's event loop, so that nothing is shared between threads.
 */
final class ClosedLoop {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Calls calls;
    private final CompletableFuture<Sample> result = new CompletableFuture<>();
    private final long from;
    private final long end;
    private long[] nanos = new long[1 << 14];
    private int counted;
    private long started;
    private int open;

    private ClosedLoop(Calls calls, Duration settle, Duration time) {
        this.calls = calls;
        this.from = System.nanoTime() + settle.toNanos();
        this.end = from + time.toNanos();
    }

    /**
     * Measures.
     *
     * @param settle what passes before calls count, for queues to fill
     */
    static Sample run(EventLoop loop, Subject subject, int inflight, Duration settle, Duration time)
            throws InterruptedException {
        ClosedLoop closed = new ClosedLoop(subject.calls(), settle, time);
        loop.execute(() -> closed.begin(inflight));
        try {
            Duration most = settle.plus(time).plus(PATIENCE);
            return closed.result.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "a call of " + subject.cell(inflight) + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "calls of " + subject.cell(inflight) + " do not end", e);
        }
    }

    private void begin(int inflight) {
        open = inflight;
        for (int i = 0; i < inflight; i++) {
            next();
        }
    }

    private void next() {
        long start = System.nanoTime();
        calls.start(started++, () -> done(start), result::completeExceptionally);
    }

    private void done(long start) {
        long now = System.nanoTime();
        if (now < end) {
            if (now >= from) {
                count(now - start);
            }
            next();
        } else if (--open == 0) {
            result.complete(Sample.of(Arrays.copyOf(nanos, counted), end - from));
        }
    }

    private void count(long latency) {
        if (counted == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * counted);
        }
        nanos[counted++] = latency;
    }
}
