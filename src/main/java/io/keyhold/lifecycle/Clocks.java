package io.keyhold.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The clocks of this room, handed in.
 *
 * @param wall tells the time, and can be set to a wrong one
 * @param monotonic only runs forward, from wherever it began
 */
public record Clocks(InstantSource wall, Supplier<Duration> monotonic) {

    /** Those of the machine. */
    public static Clocks system() {
        return new Clocks(InstantSource.system(), () -> Duration.ofNanos(System.nanoTime()));
    }

    Instant now() {
        return wall.instant();
    }
}
