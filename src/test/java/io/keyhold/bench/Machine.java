package io.keyhold.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How much of the machine something else took: that makes every figure smaller. */
final class Machine {

    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final double TICKS_PER_SECOND = 100;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;

    private final List<ProcessHandle> own;
    private final long start = System.nanoTime();
    private final double usedBefore;
    private final double ownBefore;

    Machine(List<ProcessHandle> own) throws IOException {
        this.own = own;
        this.usedBefore = used();
        this.ownBefore = own();
    }

    static int cores() {
        return CORES;
    }

    /** The part of all cores' time that other processes, and the host, have used since. */
    double othersPart() throws IOException {
        double others = used() - usedBefore - (own() - ownBefore);
        double all = CORES * (System.nanoTime() - start) / NANOS_PER_SECOND;
        return Math.max(0, others / all);
    }

    private double own() {
        return own.stream()
                        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                        .mapToLong(Duration::toNanos)
                        .sum()
                / NANOS_PER_SECOND;
    }

    /** Seconds in which the cores, all together, were not idle. */
    private static double used() throws IOException {
        String[] ticks = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", -1);
        double used = 0;
        for (int i = 0; i <= STEAL; i++) {
            if (i != IDLE && i != IO_WAIT) {
                used += Double.parseDouble(ticks[i + 1]);
            }
        }
        return used / TICKS_PER_SECOND;
    }
}
