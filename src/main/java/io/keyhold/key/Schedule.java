package io.keyhold.key;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What happens to a key by itself.
 *
 * @param rotation empty if the key does not rotate at dates
 * @param deletion empty unless the key is pending deletion
 */
public record Schedule(Optional<Rotation> rotation, Optional<Deletion> deletion) {

    public static final Schedule NONE = new Schedule(Optional.empty(), Optional.empty());

    /** The same with another rotation, or with none. */
    public Schedule withRotation(Optional<Rotation> other) {
        return new Schedule(other, deletion);
    }

    /** The same with another deletion, or with none. */
    public Schedule withDeletion(Optional<Deletion> other) {
        return new Schedule(rotation, other);
    }

    /** What it is after an automatic rotation. */
    public Schedule rotated(Instant now) {
        return withRotation(rotation.map(dates -> dates.after(now)));
    }

    /**
     * Automatic rotation.
     *
     * @param periodInDays 90 to 2560
     * @param next when the key rotates; if it could not, as soon as it can
     */
    public record Rotation(int periodInDays, Instant next) {

        /** A rotation that is later than this was missed: the dates count from it. */
        private static final Duration MISSED = Duration.ofDays(1);

        /** One that begins now. */
        public static Rotation every(int periodInDays, Instant now) {
            return new Rotation(periodInDays, now.plus(Duration.ofDays(periodInDays)));
        }

        public boolean isDue(Instant now) {
            return !next.isAfter(now);
        }

        /** The date after a rotation that may have been this one, late, or another, before it. */
        private Rotation after(Instant now) {
            if (!isDue(now)) {
                return this;
            }
            boolean missed = next.plus(MISSED).isBefore(now);
            return every(periodInDays, missed ? now : next);
        }
    }

    /**
     * Deletion.
     *
     * @param date not before it
     * @param hold nor before the daemon has run so long in all; zero if no clock was in doubt
     */
    public record Deletion(Instant date, Duration hold) {

        public boolean isDue(Instant now, Duration running) {
            return !date.isAfter(now) && hold.compareTo(running) <= 0;
        }
    }
}
