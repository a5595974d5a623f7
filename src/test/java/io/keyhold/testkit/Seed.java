package io.keyhold.testkit;

import java.util.Random;

/** Randomness that a failed test can be given again: {@code -Dkeyhold.seed=…}. */
public final class Seed {

    private Seed() {}

    /** A new generator; its seed is printed. */
    public static Random random() {
        long seed = Long.getLong("keyhold.seed", System.nanoTime());
        System.out.println("keyhold.seed=" + seed);
        return new Random(seed);
    }
}
