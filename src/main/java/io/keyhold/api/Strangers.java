package io.keyhold.api;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many calls of nobody that is known leave a record: whoever can reach a door could fill the
 * disk with them, and then nobody would be served.
 */
final class Strangers {

    private static final Logger log = LoggerFactory.getLogger(Strangers.class);

    private static final int PER_SECOND = 50;
    private static final int AT_ONCE = 1000;
    private static final long NANOS_EACH = Duration.ofSeconds(1).toNanos() / PER_SECOND;
    private static final long MOST_AHEAD = NANOS_EACH * AT_ONCE;
    private static final long REPORT_NANOS = Duration.ofMinutes(1).toNanos();

    private long fullAt = Long.MIN_VALUE;
    private long reportedAt = Long.MIN_VALUE;
    private long unrecorded;

    /**
     * Whether one more does.
     *
     * @param nanos now, by a clock that nobody sets
     */
    synchronized boolean admits(long nanos) {
        long next = fullAt == Long.MIN_VALUE ? nanos : Math.max(fullAt, nanos);
        if (next - nanos > MOST_AHEAD) {
            report(nanos);
            return false;
        }
        fullAt = next + NANOS_EACH;
        return true;
    }

    private void report(long nanos) {
        long count = ++unrecorded;
        if (reportedAt == Long.MIN_VALUE || nanos - reportedAt > REPORT_NANOS) {
            log.warn("{} calls of nobody that is known were throttled and left no record", count);
            reportedAt = nanos;
        }
    }
}
