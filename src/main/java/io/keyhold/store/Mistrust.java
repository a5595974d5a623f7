package io.keyhold.store;

import io.keyhold.key.Arn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is thought of metadata that may be an old copy: its counts of encryptions are too low, and a
 * deletion that it plans may have been called off.
 *
 * @param now since when its use is known again
 * @param rotating the least number of encryptions that the material of symmetric keys is thought to
 *     have made, where Keyhold can make new material
 * @param others likewise, where it cannot
 * @param hold no deletion is due before so long from now, nor before the jobs have run for so long
 */
public record Mistrust(Instant now, long rotating, long others, Duration hold) {

    /** The earliest time of any deletion. */
    public Instant notBefore() {
        return now.plus(hold);
    }

    /**
     * What that has done to keys.
     *
     * @param rotating how many get new material before they encrypt again
     * @param others those that cannot
     * @param deletions those whose deletion was put off
     */
    public record Outcome(int rotating, List<Arn> others, List<Arn> deletions) {}
}
