package io.keyhold.testkit;

import java.util.Random;

/**
 * Randomness, other in each run, that a failed test can be given again: {@code -Dkeyhold.seed=…}.
 */
public final class Seeded {

    private static final String PROPERTY = "keyhold.seed";

    private Seeded() {}

    /** A new generator, whose seed is printed. */
    public static Random random(String what) {
        long seed = first();
        System.out.println("seed of " + what + ": -D" + PROPERTY + "=" + seed);
        return new Random(seed);
    }

    /**
     * Runs a case many times, each with a random generator of its own. A failure names the seed of
     * its case, which the next run begins with.
     */
    public static void cases(int count, Case one) {
        long first = first();
        for (long seed = first; seed < first + count; seed++) {
            try {
                one.run(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-D" + PROPERTY + "=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static long first() {
        return Long.getLong(PROPERTY, System.nanoTime());
    }

    /** Random bytes, from {@code least} to {@code most} of them. */
    public static byte[] bytes(Random random, int least, int most) {
        byte[] bytes = new byte[random.nextInt(least, most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Random text of any Unicode characters, from {@code least} to {@code most} of them. */
    public static String text(Random random, int least, int most) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(least, most + 1); left > 0; left--) {
            text.appendCodePoint(codePoint(random));
        }
        return text.toString();
    }

    /** As often ASCII as two, three and four bytes of UTF-8. */
    private static int codePoint(Random random) {
        int[] ends = {0x80, 0x800, Character.MIN_SURROGATE, Character.MAX_CODE_POINT + 1};
        int kind = random.nextInt(ends.length);
        int least =
                kind == 3 ? Character.MIN_SUPPLEMENTARY_CODE_POINT : kind == 0 ? 0 : ends[kind - 1];
        return random.nextInt(least, ends[kind]);
    }

    /** One case. */
    public interface Case {
        void run(Random random) throws Exception;
    }
}
