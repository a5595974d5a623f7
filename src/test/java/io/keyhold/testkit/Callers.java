package io.keyhold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Threads that call the same thing again and again until told to stop. KeyUnavailableException is
 * counted; anything else that is thrown is a failure of the test.
 */
public final class Callers implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(2);

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLongArray ended;
    private final AtomicLong slowestNanos = new AtomicLong();
    private final Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    private Callers(int count, Call call) {
        ended = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            int caller = i;
            threads.add(Thread.ofPlatform().name("caller-" + i).start(() -> repeat(call, caller)));
        }
    }

    /** Starts them. */
    public static Callers start(int count, Call call) {
        return new Callers(count, call);
    }

    private void repeat(Call call, int caller) {
        while (!stopped.get()) {
            long began = System.nanoTime();
            try {
                call.run(caller);
                answered.incrementAndGet();
            } catch (KmsFault fault) {
                if (fault.name() == FaultName.KeyUnavailableException) {
                    refused.incrementAndGet();
                    Thread.yield();
                } else {
                    wrong.add(fault);
                }
            } catch (Throwable e) {
                wrong.add(e);
            }
            ended.incrementAndGet(caller);
            slowestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        }
    }

    /** How many calls succeeded. */
    public long answered() {
        return answered.get();
    }

    /** How many calls ended with KeyUnavailableException. */
    public long refused() {
        return refused.get();
    }

    /** The longest that one call took, whatever its end. */
    public Duration slowest() {
        return Duration.ofNanos(slowestNanos.get());
    }

    /** Waits until that many more calls have succeeded. */
    public void awaitAnswers(long more) {
        long goal = answered() + more;
        await(() -> answered() >= goal);
    }

    /** Waits until every caller has ended the call that it is in, and one more. */
    public void awaitRound() {
        long[] goals = new long[ended.length()];
        Arrays.setAll(goals, caller -> ended.get(caller) + 2);
        await(
                () ->
                        IntStream.range(0, goals.length)
                                .allMatch(caller -> ended.get(caller) >= goals[caller]));
    }

    /** Waits until that many more calls were refused. */
    public void awaitRefusals(long more) {
        long goal = refused() + more;
        await(() -> refused() >= goal);
    }

    private void await(BooleanSupplier goal) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .pollDelay(Duration.ZERO)
                .until(() -> goal.getAsBoolean() || !wrong.isEmpty());
        assertNothingElse();
    }

    /** Passes if every call ended well or with KeyUnavailableException. */
    public void assertNothingElse() {
        assertThat(wrong).as("what callers got").isEmpty();
    }

    /** Stops them and waits for the last call to end. */
    @Override
    public void close() {
        stopped.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(thread.isAlive()).as("%s is stuck", thread.getName()).isFalse();
        }
        assertNothingElse();
    }

    /** What they call. */
    public interface Call {
        void run(int caller) throws Exception;
    }
}
