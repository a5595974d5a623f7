package io.keyhold.lifecycle;

import io.keyhold.store.JobStore;
import io.keyhold.store.JobStore.Beat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes each minute what the clocks say. A clock that was set, and a time in which nobody looked,
 * put in doubt whatever they would make due: a deletion cannot be undone.
 */
final class Heartbeat {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    /** For so long of running time what a doubtful clock has made due is put off. */
    static final Duration DELAY = Duration.ofHours(24);

    /** A longer gap, and a larger jump, is not to be trusted. */
    private static final Duration TRUSTED = Duration.ofHours(1);

    private final JobStore store;
    private final Clocks clocks;
    private @Nullable Duration lastMonotonic;
    private @Nullable Beat lastBeat;
    private volatile @Nullable Instant begun;

    Heartbeat(JobStore store, Clocks clocks) {
        this.store = store;
        this.clocks = clocks;
    }

    /**
     * Beats.
     *
     * @param doubted hears of a doubt before it is forgotten; if that fails, it comes again
     * @return with what the clocks said
     */
    Beat beat(Consumer<Doubt> doubted) {
        Instant wall = clocks.now();
        Duration monotonic = clocks.monotonic().get();
        Optional<Beat> last = store.lastBeat();
        Instant begun = last.map(Beat::begun).orElse(wall);
        Duration running = last.map(Beat::running).orElse(Duration.ZERO);
        Duration byWall = last.map(before -> Duration.between(before.wall(), wall)).orElse(running);
        Duration held = last.map(Beat::held).orElse(Duration.ZERO);
        Duration elapsed = lastMonotonic == null ? null : monotonic.minus(lastMonotonic);
        if (isDoubtful(byWall, elapsed)) {
            Doubt doubt = new Doubt(wall.minus(byWall), wall, running, reason(byWall, elapsed));
            log.warn("{}; what this would make due is put off", doubt.reason);
            doubted.accept(doubt);
            held = running.plus(DELAY);
        } else if (elapsed != null) {
            running = running.plus(elapsed);
        }
        Beat beat = new Beat(begun, wall, monotonic, running, held);
        store.beat(beat);
        lastMonotonic = monotonic;
        lastBeat = beat;
        return beat;
    }

    /**
     * Whether the clock can be believed: it was not in doubt, nor was it set since the last beat.
     */
    boolean isTrusted() {
        Beat last = lastBeat;
        return last != null
                && last.isTrusted()
                && !isDoubtful(
                        Duration.between(last.wall(), clocks.now()),
                        clocks.monotonic().get().minus(last.monotonic()));
    }

    /** Since when this database is kept. */
    Instant begun() {
        Instant known = begun;
        if (known == null) {
            known = store.lastBeat().map(Beat::begun).orElse(null);
            begun = known;
        }
        return known == null ? clocks.now() : known;
    }

    private static boolean isDoubtful(Duration byWall, @Nullable Duration elapsed) {
        Duration jump = elapsed == null ? Duration.ZERO : byWall.minus(elapsed);
        return exceeds(byWall) || exceeds(jump);
    }

    private static boolean exceeds(Duration duration) {
        return duration.abs().compareTo(TRUSTED) > 0;
    }

    private static String reason(Duration byWall, @Nullable Duration elapsed) {
        return elapsed == null || !exceeds(byWall.minus(elapsed))
                ? "Nobody looked at the clock for " + text(byWall)
                : "The clock went on by %s within %s".formatted(text(byWall), text(elapsed));
    }

    private static String text(Duration duration) {
        return duration.toSeconds() + " s";
    }

    /**
     * Why a date cannot be trusted that has come since the last beat.
     *
     * @param from the last beat
     * @param to now
     * @param running how long the jobs have run in all
     */
    record Doubt(Instant from, Instant to, Duration running, String reason) {

        /** Whether a date is due only because of this. */
        boolean concerns(Instant date) {
            return date.isAfter(from) && !date.isAfter(to);
        }
    }
}
