package io.keyhold.iam;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;

/**
 * An account that was made here, beside those of the configuration.
 *
 * @param id 12 digits
 * @param name for people; it need not be unique
 */
public record Account(String id, String name, Instant createdAt) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long SMALLEST = 100_000_000_000L;
    private static final long END = 1_000_000_000_000L;

    /** An account number that nobody is likely to have; none begins with 0. */
    public static String randomId() {
        return String.format(Locale.ROOT, "%012d", RANDOM.nextLong(SMALLEST, END));
    }
}
