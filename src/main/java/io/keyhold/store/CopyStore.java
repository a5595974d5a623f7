package io.keyhold.store;

import io.keyhold.key.Arn;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A copy of the metadata that takes the place of what was lost. */
public interface CopyStore extends AutoCloseable {

    CopyMark mark();

    /** How many keys it has. */
    int keys();

    /**
     * Makes it metadata that a daemon starts with, in one transaction.
     *
     * @param rotating the least number of encryptions that the current material of symmetric keys
     *     is thought to have, where Keyhold can make new material
     * @param others likewise, where it cannot
     * @param notBefore no deletion is due before that time
     * @param hold nor before the jobs have run for so long, from now
     */
    Accepted accept(long rotating, long others, Instant notBefore, Duration hold);

    @Override
    void close() throws IOException;

    /**
     * What that has done to keys.
     *
     * @param rotating how many get new material before they encrypt again
     * @param others those that cannot
     * @param deletions those whose deletion was put off
     */
    record Accepted(int rotating, List<Arn> others, List<Arn> deletions) {}
}
