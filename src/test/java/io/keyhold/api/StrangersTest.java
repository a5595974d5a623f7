package io.keyhold.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many calls of nobody that is known leave a record. */
class StrangersTest {

    private static final long SECOND = 1_000_000_000L;

    private final Strangers strangers = new Strangers();

    @Test
    void aThousandAtOnceAndThenFiftyASecond() {
        long now = -3 * SECOND; // such a clock may begin anywhere

        assertThat(admitted(5000, now)).isBetween(1000, 1002);
        assertThat(admitted(5000, now + SECOND)).isBetween(49, 51);
        assertThat(admitted(5000, now + 11 * SECOND)).isBetween(499, 501);
        assertThat(admitted(5000, now + 1000 * SECOND)).isBetween(1000, 1002);
    }

    private int admitted(int calls, long now) {
        int admitted = 0;
        for (int call = 0; call < calls; call++) {
            admitted += strangers.admits(now) ? 1 : 0;
        }
        return admitted;
    }
}
