package io.keyhold.store;

import io.keyhold.key.Arn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is thought of metadata that may be an old copy: its counts of encryptions are too low, and a
 * deletion that it plans may have been called off.
 *
 * @param rotating the least number of encryptions that the material of symmetric keys is thought to
 *     have made, where Keyhold can make new material
 * @param others likewise, where it cannot
 * @param notBefore no deletion is due before that time
 * @param hold nor before the jobs have run for so long, from now
 */
public record Mistrust(long rotating, long others, Instant notBefore, Duration hold) {

    /**
     * What that has done to keys.
     *
     * @param rotating how many get new material before they encrypt again
     * @param others those that cannot
     * @param deletions those whose deletion was put off
     */
    public record Outcome(int rotating, List<Arn> others, List<Arn> deletions) {}
}
