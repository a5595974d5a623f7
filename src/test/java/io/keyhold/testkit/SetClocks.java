package io.keyhold.testkit;

import io.keyhold.lifecycle.Clocks;
import java.time.Duration;
import java.time.Instant;

/** Clocks that a test sets: time goes on only when it says so. */
public final class SetClocks {

    private volatile Instant now;
    private volatile Duration monotonic = Duration.ofDays(3);

    public SetClocks(Instant now) {
        this.now = now;
    }

    /** The clocks to hand in. */
    public Clocks clocks() {
        return new Clocks(() -> now, () -> monotonic);
    }

    public Instant now() {
        return now;
    }

    /** Time passes. */
    public void pass(Duration time) {
        now = now.plus(time);
        monotonic = monotonic.plus(time);
    }

    /** Somebody sets the clock on the wall, forward or back. */
    public void jump(Duration by) {
        now = now.plus(by);
    }
}
