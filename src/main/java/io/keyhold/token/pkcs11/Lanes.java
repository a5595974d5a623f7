package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs token calls, each on a lane of its own. A call holds its thread in native code, so lanes
 * have platform threads; on a token in this process a fast call is cheaper on the caller's thread.
 */
final class Lanes implements AutoCloseable {

    private static final int QUEUE_PER_LANE = 64;

    private final Epochs epochs;
    private final boolean inProcess;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;

    Lanes(Epochs epochs, TokenSettings settings) {
        this.epochs = epochs;
        this.inProcess = settings.inProcess();
        this.timeout = settings.timeout();
        // Slow calls leave lanes to the fast ones that callers run themselves.
        int size = inProcess ? Math.max(1, settings.lanes() / 2) : settings.lanes();
        this.threads =
                new ThreadPoolExecutor(
                        size,
                        size,
                        0,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(size * QUEUE_PER_LANE),
                        Thread.ofPlatform().daemon().name("lane-", 0).factory());
    }

    /** Runs a call that takes microseconds on a token in this process. */
    <T> T fast(Call<T> call) {
        return inProcess ? here(call) : slow(call);
    }

    /** Runs a call on a lane's own thread; the caller waits no longer than the timeout. */
    <T> T slow(Call<T> call) {
        return slow(call, () -> {});
    }

    /**
     * Likewise.
     *
     * @param over runs once, when the call has ended or will never begin, even if its caller is
     *     gone by then
     */
    <T> T slow(Call<T> call, Runnable over) {
        AtomicBoolean claimed = new AtomicBoolean(); // by the lane, or by a caller who gives up
        Future<T> answer;
        try {
            answer = threads.submit(() -> claim(call, over, claimed));
        } catch (RejectedExecutionException e) {
            over.run();
            if (threads.isShutdown()) {
                throw Epochs.unavailable();
            }
            throw KmsFault.of(
                    FaultName.ThrottlingException, "The token has too many calls waiting.");
        }
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUp(claimed, over);
            throw KmsFault.of(
                    FaultName.KeyUnavailableException,
                    "The token did not answer within %d s.",
                    timeout.toSeconds());
        } catch (InterruptedException e) {
            giveUp(claimed, over);
            Thread.currentThread().interrupt();
            throw Epochs.unavailable();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <T> T claim(Call<T> call, Runnable over, AtomicBoolean claimed) {
        if (!claimed.compareAndSet(false, true)) {
            throw Epochs.unavailable(); // nobody waits for it any more
        }
        try {
            return here(call);
        } finally {
            over.run();
        }
    }

    private static void giveUp(AtomicBoolean claimed, Runnable over) {
        if (claimed.compareAndSet(false, true)) {
            over.run();
        }
    }

    private <T> T here(Call<T> call) {
        Epoch epoch = epochs.current();
        Lane lane = borrow(epoch);
        try {
            return call.on(epoch, lane);
        } finally {
            epoch.giveBack(lane);
        }
    }

    private Lane borrow(Epoch epoch) {
        try {
            return epoch.borrow(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Epochs.unavailable();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    /** A call into the token. */
    interface Call<T> {
        T on(Epoch epoch, Lane lane);
    }
}
