package io.keyhold.testing;

import java.util.Random;

/**
 * Random cases, others in each run. A failure names the seed of its case; {@code
 * -Dkeyhold.seed=...} begins with that case again.
 */
public final class Seeded {

    private static final String PROPERTY = "keyhold.seed";

    private Seeded() {}

    /** Runs a case many times, each with a random generator of its own. */
    public static void cases(int count, Case one) {
        long first = Long.getLong(PROPERTY, System.nanoTime());
        for (long seed = first; seed < first + count; seed++) {
            try {
                one.run(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("-D" + PROPERTY + "=" + seed + ": " + e.getMessage(), e);
            }
        }
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
