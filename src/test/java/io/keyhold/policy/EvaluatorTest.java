package io.keyhold.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.policy.Evaluator.Decision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatorTest {

    private static final String OWNER = "111111111111";

    private final Evaluator evaluator = new Evaluator();

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::111111111111:root, ALLOWED",
        "arn:aws:iam::111111111111:user/alice, NO_IDENTITY_POLICY",
        "arn:aws:iam::111111111111:user/root, NO_IDENTITY_POLICY",
        "arn:aws:iam::111111111111:role/admin, NO_IDENTITY_POLICY",
        "arn:aws:sts::111111111111:assumed-role/admin/alice, NO_IDENTITY_POLICY",
        "arn:aws:sts::111111111111:root, NO_IDENTITY_POLICY",
        "arn:aws:iam::222222222222:root, NO_RESOURCE_POLICY",
        "arn:aws:iam::222222222222:user/bob, NO_RESOURCE_POLICY",
        "arn:aws:iam:::root, NO_RESOURCE_POLICY",
    })
    void onlyTheOwnersRootIsLetIn(String principal, Decision decision) {
        for (Authentication how : Authentication.values()) {
            Caller caller = new Caller(Arn.parse(principal).orElseThrow(), how);
            assertThat(evaluator.decide(caller, OWNER)).isEqualTo(decision);
        }
    }

    @Test
    void aDenialSaysWhyInAwssWords() {
        assertThat(Decision.NO_IDENTITY_POLICY.reason("kms:Encrypt"))
                .isEqualTo("no identity-based policy allows the kms:Encrypt action");
        assertThat(Decision.NO_RESOURCE_POLICY.reason("kms:Encrypt"))
                .isEqualTo("no resource-based policy allows the kms:Encrypt action");
    }

    @Test
    void everyDecisionButAllowedHasAReason() {
        assertThat(Arrays.stream(Decision.values()).filter(d -> d != Decision.ALLOWED))
                .allSatisfy(d -> assertThat(d.reason("kms:Decrypt")).contains("kms:Decrypt"));
    }
}
