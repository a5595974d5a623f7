package io.keyhold.bench;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Measures every cell for a short while, then every cell again. */
final class Rounds {

    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration DISK = Duration.ofMillis(300);

    private final EventLoop loop;
    private final List<Subject> subjects;
    private final TokenProgram token;
    private final Disk disk;

    Rounds(EventLoop loop, List<Subject> subjects, TokenProgram token, Disk disk) {
        this.loop = loop;
        this.subjects = subjects;
        this.token = token;
        this.disk = disk;
    }

    /**
     * Makes the JITs of all processes compile what will be measured, in so many seconds at most.
     */
    void warmUp(Duration time, double most) throws InterruptedException {
        long start = System.nanoTime();
        for (int inflight : List.of(64, 1, 256)) {
            for (Subject subject : subjects) {
                if ((System.nanoTime() - start) / 1e9 < most) {
                    measure(subject, Math.min(inflight, subject.way().most()), time);
                }
            }
        }
    }

    /** Measures each cell once. What is compared is measured one after the other. */
    void round(Results results, Duration time) throws IOException, InterruptedException {
        results.add(Cell.disk(), disk.measure(DISK));
        for (Way way : Way.values()) {
            for (int inflight : way.inflight()) {
                for (Subject subject : on(way)) {
                    results.add(subject.cell(inflight), measure(subject, inflight, time));
                }
            }
        }
        for (String verb : Verbs.SERVED) {
            token(results, verb, time);
        }
    }

    private void token(Results results, String verb, Duration time) throws IOException {
        for (int threads : Cell.TOKEN_THREADS) {
            double rate =
                    token.rate(verb.toLowerCase(Locale.ROOT), threads, time.toMillis() / 1000.0);
            results.add(Cell.token(verb, threads), Sample.rate(rate));
        }
    }

    private List<Subject> on(Way way) {
        return subjects.stream().filter(subject -> subject.way() == way).toList();
    }

    private Sample measure(Subject subject, int inflight, Duration time)
            throws InterruptedException {
        long cpu = subject.target().cpuNanos();
        long start = System.nanoTime();
        Sample sample = ClosedLoop.run(loop, subject, inflight, SETTLE, time);
        return sample.withServerCpu(subject.target().cpuNanos() - cpu, System.nanoTime() - start);
    }
}
