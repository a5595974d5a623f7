package io.keyhold.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyKind;
import io.keyhold.key.Service;
import io.keyhold.key.Services;
import io.keyhold.testkit.Facts;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which verbs other accounts may use, held against AWS's model. */
class CrossAccountTest {

    private static final Arn KEY = Arn.key("aws", "us-east-1", "111122223333", KeyId.random());
    private static final Caller STRANGER = root("123456789012");
    private static final Caller OWNER = root("111122223333");

    private static Caller root(String account) {
        return new Caller(Arn.root("aws", account), Caller.Authentication.SIGNATURE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verbs")
    void asAwsSays(String verb, boolean allowed) {
        String action = "kms:" + verb;
        if (verb.equals("ReEncrypt")) { // one verb, an action on each of two keys
            assertThat(reaches(action + "From")).isEqualTo(allowed);
            assertThat(reaches(action + "To")).isEqualTo(allowed);
        } else {
            assertThat(reaches(action)).isEqualTo(allowed);
        }
    }

    @Test
    void nothingOfAServicesOwn() {
        CrossAccount owned =
                new CrossAccount(
                        new Services(
                                List.of(
                                        new Service(
                                                "s3",
                                                "s3.amazonaws.com",
                                                KEY.account(),
                                                Set.of(KeyKind.SERVICE_OWNED),
                                                Set.of())),
                                Set.of()));
        assertThat(owned.reaches(STRANGER, "kms:Encrypt", KEY)).isFalse();
        assertThat(owned.reaches(OWNER, "kms:Encrypt", KEY)).isTrue();
    }

    @Test
    void norOfOneThatIsNoLongerThere() {
        CrossAccount former = new CrossAccount(new Services(List.of(), Set.of(KEY.account())));
        assertThat(former.reaches(STRANGER, "kms:Encrypt", KEY)).isFalse();
    }

    private static boolean reaches(String action) {
        return new CrossAccount(Services.NONE).reaches(STRANGER, action, KEY);
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
