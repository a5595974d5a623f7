package io.keyhold.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Seeded;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both ways to match a pattern. */
final class GlobTest {

    private static final int CASES = 20_000;
    private static final String ALPHABET = "ab?*";

    /** Longer than one word of the automaton, too. */
    private static final int LONGEST = 200;

    @Test
    void bothWaysFindTheSame() {
        int[] found = new int[2];
        Seeded.cases(
                CASES,
                random -> {
                    String pattern = text(random, random.nextInt(1, ALPHABET.length() + 1));
                    int[] glob = tokens(pattern);
                    String value = random.nextBoolean() ? text(random, 2) : like(glob, random);
                    boolean matches = Glob.plainly(glob, value);
                    assertThat(Glob.inParallel(glob, value))
                            .as("'%s' like '%s'", value, pattern)
                            .isEqualTo(matches);
                    found[matches ? 1 : 0]++;
                });
        assertThat(found[0]).isGreaterThan(CASES / 10);
        assertThat(found[1]).isGreaterThan(CASES / 10);
    }

    @Test
    void theEmptyAndTheEdgesOfAWordMatchInParallelToo() {
        for (int length : new int[] {0, 1, 63, 64, 65, 127, 128, 129}) {
            String text = "a".repeat(length);
            for (String pattern :
                    new String[] {text, "?".repeat(length), "*" + text, text + "**"}) {
                assertThat(Glob.inParallel(tokens(pattern), text)).as(pattern).isTrue();
            }
            assertThat(Glob.inParallel(tokens(text), text + "a")).isFalse();
            assertThat(Glob.inParallel(tokens(text + "?"), text)).isFalse();
        }
    }

    /** Such a policy took seconds for each of a few hundred calls when all went the plain way. */
    @Test
    void aLongPatternGoesTheQuickWay() {
        int[] glob = tokens("*" + "a".repeat(3600) + "b");
        String value = "a".repeat(7900);
        for (int call = 0; call < 200; call++) {
            assertThat(Glob.matches(glob, value)).isFalse();
        }
        assertThat(Glob.matches(glob, value + "b")).isTrue();
    }

    private static int[] tokens(String pattern) {
        return pattern.chars().map(c -> c == '*' ? Glob.ANY : c == '?' ? Glob.ONE : c).toArray();
    }

    private static String text(Random random, int letters) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(random.nextBoolean() ? 6 : LONGEST); left > 0; left--) {
            text.append(ALPHABET.charAt(random.nextInt(letters)));
        }
        return text.toString();
    }

    /** A value that matches, or nearly. */
    private static String like(int[] glob, Random random) {
        StringBuilder value = new StringBuilder();
        for (int token : glob) {
            switch (token) {
                case Glob.ANY -> value.append(text(random, 2));
                case Glob.ONE -> value.append(ALPHABET.charAt(random.nextInt(2)));
                default -> value.append((char) token);
            }
        }
        if (!value.isEmpty() && random.nextInt(4) == 0) {
            value.setCharAt(random.nextInt(value.length()), 'a');
        }
        return value.toString();
    }
}
