package io.keyhold.e2e;

import java.security.SecureRandom;

/** Seeds of whatever is random in a test: printed, and chosen with {@code -Dkeyhold.seed=N}. */
final class Seeds {

    private static final String CHOSEN = System.getProperty("keyhold.seed", "");

    private Seeds() {}

    static long next(String what) {
        long seed = CHOSEN.isEmpty() ? new SecureRandom().nextInt() : Long.parseLong(CHOSEN);
        System.out.println("seed of " + what + ": " + seed);
        return seed;
    }
}
