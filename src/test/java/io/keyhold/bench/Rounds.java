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
    private final Target daemon;
    private final Target echo;
    private final List<Work<?, ?>> works;
    private final TokenProgram token;
    private final Disk disk;

    Rounds(
            EventLoop loop,
            Target daemon,
            Target echo,
            List<Work<?, ?>> works,
            TokenProgram token,
            Disk disk) {
        this.loop = loop;
        this.daemon = daemon;
        this.echo = echo;
        this.works = works;
        this.token = token;
        this.disk = disk;
    }

    /**
     * Makes the JITs of all processes compile what will be measured, in so many seconds at most.
     */
    void warmUp(Duration time, double most) throws InterruptedException {
        long start = System.nanoTime();
        for (int inflight : List.of(64, 1, 256)) {
            for (boolean tls : new boolean[] {true, false}) {
                for (Work<?, ?> work : works) {
                    if ((System.nanoTime() - start) / 1e9 < most) {
                        measure(work, new Cell(work.verb(), inflight, tls), time);
                    }
                }
            }
        }
    }

    /** Measures each cell once. What is compared is measured one after the other. */
    void round(Results results, Duration time) throws IOException, InterruptedException {
        results.add(Cell.disk(), disk.measure(DISK));
        for (boolean tls : new boolean[] {true, false}) {
            for (int inflight : Cell.INFLIGHT) {
                for (Work<?, ?> work : works) {
                    Cell cell = new Cell(work.verb(), inflight, tls);
                    results.add(cell, measure(work, cell, time));
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

    private Sample measure(Work<?, ?> work, Cell cell, Duration time) throws InterruptedException {
        Target target = work.verb().equals(Verbs.ECHO) ? echo : daemon;
        long cpu = target.cpuNanos();
        long start = System.nanoTime();
        Sample sample =
                ClosedLoop.run(
                        loop, target.channel(cell.tls()), work, cell.inflight(), SETTLE, time);
        return sample.withServerCpu(target.cpuNanos() - cpu, System.nanoTime() - start);
    }
}
