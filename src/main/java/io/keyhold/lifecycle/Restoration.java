package io.keyhold.lifecycle;

import io.keyhold.store.CopyStore;
import io.keyhold.store.JobStore.Beat;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.Mistrust;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an old copy of the metadata safe to serve with. Nobody knows how often the material in it
 * has encrypted since, so that none of it encrypts any more; nor whether a deletion that it plans
 * was called off.
 */
public final class Restoration {

    private static final Logger log = LoggerFactory.getLogger(Restoration.class);

    /** As long as the shortest waiting period: somebody has to see what is planned again. */
    private static final Duration WAITING_PERIOD = Duration.ofDays(7);

    /** A daemon notes each minute that it runs, if its jobs do not take long. */
    private static final Duration UNNOTED = Duration.ofMinutes(15);

    private Restoration() {}

    /**
     * Does so, in one transaction. Material that Keyhold can replace is as good as used up; other
     * material may encrypt on, with a warning, since the key could not be used at all without it.
     */
    public static Mistrust.Outcome accept(CopyStore copy, Clocks clocks) {
        return copy.accept(mistrust(clocks));
    }

    /**
     * Likewise with a database that somebody has put back without saying so: the audit journal is
     * ahead of it.
     *
     * @param lastEvent the time of the last one in the journal
     */
    static void notice(
            MetadataStore store, LifeEvents events, Optional<Instant> lastEvent, Clocks clocks) {
        Optional<Instant> lastBeat = store.jobs().lastBeat().map(Beat::wall);
        if (lastEvent.isEmpty()
                || lastBeat.isEmpty()
                || !lastEvent.get().isAfter(lastBeat.get().plus(UNNOTED))) {
            return;
        }
        Mistrust mistrust = mistrust(clocks);
        Mistrust.Outcome outcome = store.mistrust(mistrust);
        outcome.deletions().forEach(key -> events.postponing(key, mistrust));
        log.warn(
                "the database was in use until {} and the audit journal until {}, so it is taken"
                        + " for an older copy: {} keys get new material before they encrypt again,"
                        + " {} cannot by themselves, {} deletions wait {} days more",
                lastBeat.get(),
                lastEvent.get(),
                outcome.rotating(),
                outcome.others().size(),
                outcome.deletions().size(),
                WAITING_PERIOD.toDays());
    }

    private static Mistrust mistrust(Clocks clocks) {
        return new Mistrust(
                clocks.now(), EncryptionCounts.MOST, EncryptionCounts.ENOUGH, WAITING_PERIOD);
    }
}
