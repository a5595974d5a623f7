package io.keyhold.bench;

import java.util.Arrays;

/**
 * What one measurement of a cell came to. What was not measured is not a number.
 *
 * @param rps calls, or operations, per second
 * @param p50 milliseconds
 * @param p99 milliseconds
 * @param serverCpu microseconds of the server's CPU time per call
 */
record Sample(double rps, double p50, double p99, double serverCpu) {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Of these latencies, in nanoseconds, seen in this time; sorts them. */
    static Sample of(long[] latencies, long time) {
        Arrays.sort(latencies);
        double rps = latencies.length * NANOS_PER_SECOND / time;
        return new Sample(rps, percentile(latencies, 50), percentile(latencies, 99), Double.NaN);
    }

    static Sample rate(double rps) {
        return new Sample(rps, Double.NaN, Double.NaN, Double.NaN);
    }

    /** The same, of a server that used so much CPU time in this time; both in nanoseconds. */
    Sample withServerCpu(long cpu, long time) {
        double calls = rps * time / NANOS_PER_SECOND;
        return new Sample(rps, p50, p99, cpu / NANOS_PER_MICRO / calls);
    }

    private static double percentile(long[] sorted, int percent) {
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
    }
}
