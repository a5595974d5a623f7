package io.keyhold.key;

import java.util.Arrays;

/**
 * A known answer of a backing key's material, kept with its row. Before a handle is first used, the
 * token must give this answer, so that a handle that names another object is found out. What it
 * holds is the token room's business.
 */
public final class Canary {

    private final byte[] answer;

    public Canary(byte[] answer) {
        this.answer = answer.clone();
    }

    /** A copy of the answer. */
    public byte[] bytes() {
        return answer.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Canary canary && Arrays.equals(answer, canary.answer);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(answer);
    }
}
