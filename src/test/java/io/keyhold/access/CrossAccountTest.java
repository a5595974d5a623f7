package io.keyhold.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Facts;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which verbs other accounts may use, held against AWS's model. */
class CrossAccountTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbs")
    void asAwsSays(String verb, boolean allowed) {
        String action = "kms:" + verb;
        if (verb.equals("ReEncrypt")) { // one verb, an action on each of two keys
            assertThat(CrossAccount.allows(action + "From")).isEqualTo(allowed);
            assertThat(CrossAccount.allows(action + "To")).isEqualTo(allowed);
        } else {
            assertThat(CrossAccount.allows(action)).isEqualTo(allowed);
        }
    }

    static Stream<Arguments> verbs() {
        return Facts.api()
                .path("operations")
                .propertyStream()
                .map(
                        verb ->
                                Arguments.of(
                                        verb.getKey(),
                                        verb.getValue()
                                                .path("cross_account")
                                                .asString()
                                                .equals("Yes")));
    }
}
