package io.keyhold.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Seeded;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The evaluator decides as the plainest one that can be thought of. */
final class ReferenceTest {

    private static final int CASES = Integer.getInteger("keyhold.cases", 50_000);

    @Test
    void decidesTheSame() {
        AtomicInteger allowed = new AtomicInteger();
        Seeded.cases(
                CASES,
                random -> {
                    Case one = Case.random(random);
                    Decision decision = one.decide();
                    assertThat(decision.allowed()).as("%s", one).isEqualTo(Reference.allows(one));
                    if (decision.allowed()) {
                        allowed.incrementAndGet();
                    }
                });
        // Else chance would show little: both answers are given often.
        assertThat(allowed.get()).isBetween(CASES / 20, CASES / 2);
    }
}
