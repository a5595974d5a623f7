package io.keyhold.lifecycle;

import io.keyhold.store.CopyStore;
import io.keyhold.store.CopyStore.Accepted;
import java.time.Duration;

/**
 * Makes an old copy of the metadata safe to serve with. Nobody knows how often the material in it
 * has encrypted since, so that none of it encrypts any more; nor whether a deletion that it plans
 * was called off.
 */
public final class Restoration {

    /** As long as the shortest waiting period: somebody has to see what is planned again. */
    private static final Duration WAITING_PERIOD = Duration.ofDays(7);

    private Restoration() {}

    /**
     * Does so, in one transaction. Material that Keyhold can replace is as good as used up; other
     * material may encrypt on, with a warning, since the key could not be used at all without it.
     */
    public static Accepted accept(CopyStore copy, Clocks clocks) {
        return copy.accept(
                EncryptionCounts.MOST,
                EncryptionCounts.ENOUGH,
                clocks.now().plus(WAITING_PERIOD),
                WAITING_PERIOD);
    }
}
