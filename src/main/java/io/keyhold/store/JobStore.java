package io.keyhold.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the jobs need to remember, whoever runs them. Each method is one transaction. */
public interface JobStore {

    /** The last beat; empty before the first one. */
    Optional<Beat> lastBeat();

    /** Remembers a beat in place of the last one. */
    void beat(Beat beat);

    /**
     * Takes the lease, or keeps it: if nobody has it, if it has run out, or if it is longer than
     * any that is given, which means that the clock went back.
     *
     * @param holder who wants it
     * @param length the longest that one is given for
     * @return whether the holder has it now
     */
    boolean takeLease(String holder, Instant now, Duration length);

    /** Gives the lease back, if the holder has it. */
    void releaseLease(String holder);

    /**
     * A sign that the jobs run.
     *
     * @param begun the first one's time: since when this database is kept
     * @param wall what the clock on the wall said
     * @param monotonic what a clock said that only runs forward; another one in each process
     * @param running how long the jobs have run in all, gaps left out
     * @param held how long they have to run in all before the clock is trusted again
     */
    record Beat(Instant begun, Instant wall, Duration monotonic, Duration running, Duration held) {

        /** Whether the clock was in no doubt lately. */
        public boolean isTrusted() {
            return running.compareTo(held) >= 0;
        }
    }
}
