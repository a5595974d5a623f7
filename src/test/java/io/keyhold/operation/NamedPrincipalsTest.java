package io.keyhold.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.iam.Entity;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Directory;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import io.keyhold.store.Entities;
import io.keyhold.store.MemoryDirectory;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Who is meant by a policy and by a grant. */
final class NamedPrincipalsTest {

    private static final String ACCOUNT = "111111111111";
    private static final String ARN = "arn:aws:iam::" + ACCOUNT + ":";

    private static final String POLICY =
            """
            {"Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "kms:*",
               "Resource": "*"},
              {"Effect": "Deny", "%s": {"AWS": ["111111111111", "%s"]}, "Action": "kms:*",
               "Resource": "*"}]}
            """;

    private final Directory directory = new Directory(new MemoryDirectory());
    private final NamedPrincipals principals =
            new NamedPrincipals(ACCOUNT::equals, directory::namesake);

    @Test
    void theRecordThatThereIs() {
        Entity plain = Entities.role(ACCOUNT, "plain");
        directory.create(plain);
        String session = "arn:aws:sts::" + ACCOUNT + ":assumed-role/plain/one";

        for (String arn : new String[] {ARN + "role/plain", session}) {
            assertThat(grant(arn)).isEqualTo(plain.uniqueId());
            assertThat(policy(arn)).containsExactly(Map.entry(arn, plain.uniqueId()));
        }
        for (String nobody : new String[] {ARN + "role/path/later", ARN + "user/plain"}) {
            assertThat(grant(nobody)).isEmpty();
            assertThat(policy(nobody)).isEmpty();
        }
    }

    /** A role is matched by its name: unbound, the policy would let in this one, and the next. */
    @Test
    void nobodyIsNamedByAnotherPath() {
        directory.create(Entities.role(ACCOUNT, "plain"));
        directory.create(Entities.user(ACCOUNT, "alice"));

        for (String kind : new String[] {"role/%splain", "user/%salice"}) {
            String wrong = kind.formatted("wrong/path/");
            String text = "there is no %s, but %s".formatted(wrong, kind.formatted(""));
            assertThat(
                            refusal(
                                    FaultName.MalformedPolicyDocumentException,
                                    () -> policy(ARN + wrong)))
                    .startsWith("Statement[0].Principal: ")
                    .endsWith(text + ".");
            assertThat(refusal(FaultName.InvalidArnException, () -> grant(ARN + wrong)))
                    .isEqualTo(text);
        }
    }

    @Test
    void whoCannotBeThereIsNamedWithThePlace() {
        String words =
                "Policy contains a statement with one or more invalid principals: this daemon has"
                        + " no account 999999999999.";

        assertThat(refusedPolicy(policyWith("Principal", "999999999999")))
                .isEqualTo("Statement[1].Principal: " + words);
        assertThat(
                        refusedPolicy(
                                policyWith("NotPrincipal", "arn:aws:iam::999999999999:user/alice")))
                .isEqualTo("Statement[1].NotPrincipal: " + words);
        assertThat(
                        refusedPolicy(
                                policyWith(
                                        "Principal",
                                        (ARN + "user/alice").replace("aws", "aws-cn"))))
                .startsWith("Statement[1].Principal: Policy contains a statement with")
                .endsWith("invalid principals: partition 'aws-cn' is not aws.");
    }

    private static String refusal(FaultName name, ThrowingCallable call) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, call);
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.name()).isEqualTo(name);
        return fault.text();
    }

    private static Policy policyWith(String element, String principal) {
        return PolicyParser.ofKey(POLICY.formatted(element, principal), Map.of());
    }

    private String refusedPolicy(Policy policy) {
        return refusal(
                FaultName.MalformedPolicyDocumentException, () -> principals.bind(policy, "aws"));
    }

    private String grant(String arn) {
        return principals.bind(Arn.parse(arn).orElseThrow()).uniqueId();
    }

    private Map<String, String> policy(String arn) {
        String document =
                """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*",
                 "Principal": {"AWS": "%s"}, "Resource": "*"}}
                """
                        .formatted(arn);
        return principals.bind(PolicyParser.ofKey(document, Map.of()), "aws");
    }
}
