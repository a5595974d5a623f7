package io.keyhold.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A pattern of characters and wildcards, as tokens. */
final class Glob {

    /** The token of any characters. */
    static final int ANY = -1;

    /** The token of any one character. */
    static final int ONE = -2;

    /** Pattern times value: up to here the plain way costs less than the automaton's masks. */
    private static final long PLAIN = 65_536;

    private static final int BITS = Long.SIZE;

    private Glob() {}

    /** Whether a value matches: in far fewer steps than pattern times value if both are long. */
    static boolean matches(int[] glob, String value) {
        return (long) glob.length * value.length() <= PLAIN
                ? plainly(glob, value)
                : inParallel(glob, value);
    }

    /** Linear in the text for one star, and never exponential: it goes back to the last star. */
    static boolean plainly(int[] glob, String value) {
        int g = 0;
        int v = 0;
        int star = -1;
        int resume = 0;
        while (v < value.length()) {
            if (g < glob.length && glob[g] == ANY) {
                star = g++;
                resume = v;
            } else if (g < glob.length && (glob[g] == ONE || glob[g] == value.charAt(v))) {
                g++;
                v++;
            } else if (star >= 0) {
                g = star + 1;
                v = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length && glob[g] == ANY) {
            g++;
        }
        return g == glob.length;
    }

    /**
     * An automaton whose states are bits: bit i is set while the first i characters of the pattern,
     * stars not counted, match the text so far. A star is a bit that stays set.
     */
    static boolean inParallel(int[] glob, String value) {
        int length = (int) Arrays.stream(glob).filter(token -> token != ANY).count();
        int words = length / BITS + 1;
        long[] stay = new long[words];
        long[] one = new long[words];
        Map<Integer, long[]> masks = new HashMap<>();
        int at = 0;
        for (int token : glob) {
            switch (token) {
                case ANY -> set(stay, at);
                case ONE -> set(one, at++);
                default -> set(masks.computeIfAbsent(token, key -> new long[words]), at++);
            }
        }
        masks.values().forEach(mask -> Arrays.setAll(mask, word -> mask[word] | one[word]));
        long[] state = new long[words];
        set(state, 0);
        for (int i = 0; i < value.length(); i++) {
            step(state, masks.getOrDefault((int) value.charAt(i), one), stay);
        }
        return ((state[length / BITS] >>> length) & 1) != 0;
    }

    private static void step(long[] state, long[] mask, long[] stay) {
        long carry = 0;
        for (int word = 0; word < state.length; word++) {
            long moved = state[word] & mask[word];
            state[word] = (moved << 1) | carry | (state[word] & stay[word]);
            carry = moved >>> (BITS - 1);
        }
    }

    private static void set(long[] bits, int at) {
        bits[at / BITS] |= 1L << at;
    }
}
