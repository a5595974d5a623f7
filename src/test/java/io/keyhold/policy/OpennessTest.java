package io.keyhold.policy;

import static io.keyhold.policy.Policies.OTHER_ROOT;
import static io.keyhold.policy.Policies.OWNER;
import static io.keyhold.policy.Policies.ROLE;
import static io.keyhold.policy.Policies.ROOT;
import static io.keyhold.policy.Policies.USER;
import static io.keyhold.policy.Policies.aws;
import static io.keyhold.policy.Policies.key;
import static io.keyhold.policy.Policies.keys;
import static io.keyhold.policy.Policies.question;
import static io.keyhold.policy.Policies.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.policy.Decision.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a policy leaves room for anybody of an account who comes through S3. */
class OpennessTest {

    private static final ContextKeys THROUGH_S3 =
            keys(
                    "kms:ViaService", "s3.us-east-1.amazonaws.com",
                    "kms:CallerAccount", OWNER,
                    "aws:PrincipalAccount", OWNER);
    private static final String EVERYBODY = aws("*");

    @Test
    void whoeverIsNamedIsEnough() {
        for (String principal : new String[] {ROOT, USER, ROLE, OWNER, "*"}) {
            assertThat(reason(statement("Allow", aws(principal)))).isEqualTo(Reason.ALLOWED);
        }
        for (String principal : new String[] {aws(OTHER_ROOT), "{'Service': 's3.amazonaws.com'}"}) {
            assertThat(reason(statement("Allow", principal))).isEqualTo(Reason.NO_RESOURCE_POLICY);
        }
    }

    @Test
    void aDenialCountsForWhomItNames() {
        String allow = statement("Allow", aws(USER));
        assertThat(reason(allow, statement("Deny", aws(ROLE)))).isEqualTo(Reason.ALLOWED);
        for (String denied : new String[] {USER, ROOT, "*"}) {
            assertThat(reason(allow, statement("Deny", aws(denied))))
                    .isEqualTo(Reason.DENY_RESOURCE_POLICY);
        }
        String both = statement("Allow", "{'AWS': ['" + USER + "', '" + ROLE + "']}");
        assertThat(reason(both, statement("Deny", aws(USER)))).isEqualTo(Reason.ALLOWED);
        assertThat(reason(statement("Allow", EVERYBODY), statement("Deny", aws(USER))))
                .isEqualTo(Reason.ALLOWED);
    }

    @Test
    void aDenialOfAllButOthersLeavesNobody() {
        String allow = statement("Allow", EVERYBODY);
        String othersOnly = statement("Deny", aws(OTHER_ROOT)).replace("'Princ", "'NotPrinc");
        String userOnly = statement("Deny", aws(USER)).replace("'Princ", "'NotPrinc");
        String both =
                statement("Deny", "{'AWS': ['" + ROOT + "', '" + USER + "']}")
                        .replace("'Princ", "'NotPrinc");

        assertThat(reason(allow, othersOnly)).isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(reason(allow, userOnly)).isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(reason(allow, both)).isEqualTo(Reason.ALLOWED);
        assertThat(reason(statement("Allow", aws(USER)), both)).isEqualTo(Reason.ALLOWED);
        assertThat(reason(statement("Allow", aws(ROLE)), both))
                .isEqualTo(Reason.DENY_RESOURCE_POLICY);
    }

    /** Nothing of that kind is there when a service calls for a principal. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'StringEquals': {'aws:SourceAccount': '111122223333'}}",
                "{'ArnLike': {'aws:SourceArn': 'arn:aws:s3:::*'}}",
                "{'StringEquals': {'aws:PrincipalServiceName': 's3.amazonaws.com'}}",
                "{'StringEquals': {'aws:PrincipalOrgID': 'o-1'}}",
                "{'Bool': {'kms:GrantIsForAWSResource': 'true'}}",
                "{'StringEquals': {'kms:ViaService': 'sns.us-east-1.amazonaws.com'}}",
                "{'StringEquals': {'kms:CallerAccount': '444455556666'}}"
            })
    void whatCannotBeLetsNobodyIn(String condition) {
        assertThat(reason(on(condition, "Allow"))).isEqualTo(Reason.NO_RESOURCE_POLICY);
        assertThat(reason(statement("Allow", EVERYBODY), on(condition, "Deny")))
                .isEqualTo(Reason.ALLOWED);
    }

    /** It may be as the policy wants it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'StringEquals': {'kms:EncryptionContext:a': 'b'}}",
                "{'StringEquals': {'aws:PrincipalTag/team': 'blue'}}",
                "{'StringEquals': {'aws:ResourceTag/team': '${aws:PrincipalTag/team}'}}",
                "{'StringNotEquals': {'aws:ResourceTag/team': '${aws:PrincipalTag/team}'}}",
                "{'ArnEquals': {'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/bob'}}",
                "{'IpAddress': {'aws:SourceIp': '192.0.2.0/24'}}"
            })
    void whatOnlyARequestTellsMayBe(String condition) {
        assertThat(reason(on(condition, "Allow"))).isEqualTo(Reason.ALLOWED);
        assertThat(reason(statement("Allow", EVERYBODY), on(condition, "Deny")))
                .isEqualTo(Reason.ALLOWED);
    }

    private static String on(String condition, String effect) {
        String whole = statement(effect, EVERYBODY);
        return whole.substring(0, whole.length() - 1) + ", 'Condition': " + condition + "}";
    }

    private static Reason reason(String... statements) {
        return Openness.decide(question(ROOT, "kms:Decrypt", THROUGH_S3), OWNER, key(statements))
                .reason();
    }
}
