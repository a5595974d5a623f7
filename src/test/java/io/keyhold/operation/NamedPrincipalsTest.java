package io.keyhold.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The principals of a new policy are of accounts that there are. */
class NamedPrincipalsTest {

    private static final String POLICY =
            """
            {"Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*",
               "Resource": "*"},
              {"Effect": "Deny", "%s": {"AWS": ["111122223333", "%s"]}, "Action": "kms:*",
               "Resource": "*"}]}
            """;
    private static final String ALICE = "arn:aws:iam::111122223333:user/alice";

    private final NamedPrincipals principals =
            new NamedPrincipals(
                    "111122223333"::equals,
                    arn -> Optional.of("AIDA1").filter(id -> arn.toString().equals(ALICE)));

    @Test
    void whoIsThereIsBoundWithTheUniqueId() {
        assertThat(principals.bind(policy("NotPrincipal", ALICE), "aws"))
                .isEqualTo(Map.of(ALICE, "AIDA1"));
    }

    @Test
    void whoCannotBeThereIsNamedWithThePlace() {
        String words =
                "Policy contains a statement with one or more invalid principals: this daemon has"
                        + " no account 999999999999.";

        assertThat(refusal(policy("Principal", "999999999999")))
                .isEqualTo("Statement[1].Principal: " + words);
        assertThat(refusal(policy("NotPrincipal", "arn:aws:iam::999999999999:user/alice")))
                .isEqualTo("Statement[1].NotPrincipal: " + words);
        assertThat(refusal(policy("Principal", ALICE.replace("aws", "aws-cn"))))
                .startsWith("Statement[1].Principal: Policy contains a statement with")
                .endsWith("invalid principals: partition 'aws-cn' is not aws.");
    }

    private static Policy policy(String element, String principal) {
        return PolicyParser.ofKey(POLICY.formatted(element, principal), Map.of());
    }

    private String refusal(Policy policy) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> principals.bind(policy, "aws"));
        assertThat(fault).as("a refusal").isNotNull();
        assertThat(fault.name()).isEqualTo(FaultName.MalformedPolicyDocumentException);
        return fault.text();
    }
}
