package io.keyhold.policy;

import static io.keyhold.policy.Policies.OTHER_USER;
import static io.keyhold.policy.Policies.OWNER;
import static io.keyhold.policy.Policies.ROOT;
import static io.keyhold.policy.Policies.USER;
import static io.keyhold.policy.Policies.aws;
import static io.keyhold.policy.Policies.key;
import static io.keyhold.policy.Policies.keys;
import static io.keyhold.policy.Policies.question;
import static io.keyhold.policy.Policies.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.policy.Decision.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final String TO_USER =
            "{'Sid': 'Use', 'Effect': 'Allow', 'Principal': {'AWS': '%s'},".formatted(USER);

    @Test
    void whatIsAllowedNamesTheStatementThatAllowsIt() {
        Explanation why =
                explain(question(USER, "kms:Encrypt"), key(statement("Allow", aws(USER))));

        assertThat(why.decision().allowed()).isTrue();
        assertThat(why.decision().statement().index()).isZero();
        assertThat(why.nearest()).isEmpty();
    }

    @Test
    void anExplicitDenyIsItsOwnExplanation() {
        Policy policy = key(statement("Allow", aws(USER)), statement("Deny", "'*'"));

        Explanation why = explain(question(USER, "kms:Encrypt"), policy);

        assertThat(why.decision().reason()).isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(why.decision().statement().index()).isEqualTo(1);
        assertThat(why.nearest()).isEmpty();
        assertThat(why.trusting()).isEmpty();
    }

    @Test
    void theNearestStatementIsAboutWhoAsksThenAboutWhatIsAsked() {
        Policy policy =
                key(
                        statement("Allow", aws(OTHER_USER)).replace("kms:*", "kms:Decrypt"),
                        TO_USER + "'Action': ['kms:Encrypt', 'kms:Generate*'], 'Resource': '*'}");

        Explanation why = explain(question(USER, "kms:Decrypt"), policy);

        assertThat(why.decision().reason()).isEqualTo(Reason.NO_RESOURCE_POLICY);
        assertThat(why.nearest().orElseThrow().statement().index()).isEqualTo(1);
        assertThat(words(why))
                .containsExactly(
                        "Action names [kms:Encrypt, kms:Generate*], and the request has"
                                + " [kms:Decrypt]");

        assertThat(words(explain(question(USER, "kms:DescribeKey"), policy)))
                .containsExactly(
                        "Action names [kms:Encrypt, kms:Generate*], and the request has"
                                + " [kms:DescribeKey]");
    }

    @Test
    void aConditionIsExplainedWithWhatItAsksForAndWhatThereIs() {
        Policy policy =
                key(
                        TO_USER
                                + "'Action': 'kms:*', 'Resource': '*', 'Condition': {"
                                + "'ForAnyValue:StringLikeIfExists': {'kms:ViaService': ['s3.*',"
                                + " 'ec2.*']}, 'Bool': {'aws:SecureTransport': true},"
                                + " 'NumericLessThan': {'kms:RotationPeriodInDays': 100}}}");

        Explanation why =
                explain(
                        question(
                                USER,
                                "kms:EnableKeyRotation",
                                keys(
                                        "kms:ViaService", "rds.us-east-1.amazonaws.com",
                                        "kms:RotationPeriodInDays", "90")),
                        policy);

        assertThat(words(why))
                .containsExactly(
                        "Condition: ForAnyValue:StringLikeIfExists kms:ViaService asks for [s3.*,"
                                + " ec2.*], and the request has [rds.us-east-1.amazonaws.com]",
                        "Condition: Bool aws:SecureTransport asks for [true], and the request has"
                                + " no such key");
    }

    @Test
    void aStatementWithoutActionIsSaidToHaveNoEffect() {
        Explanation why = explain(question(USER, "kms:Encrypt"), key(TO_USER + "'Resource': '*'}"));

        assertThat(words(why))
                .containsExactly("Action is missing, so that the statement has no effect");
    }

    @Test
    void whatAKeyPolicyLeavesToTheAccountIsExplainedByBoth() {
        Policy policy = key(statement("Allow", aws(ROOT)));
        IdentityPolicies own =
                Policies.attached(Policies.identity("Allow", "kms:Encrypt", "arn:aws:kms:a:b:c"));

        Explanation why = explain(question(USER, "kms:Encrypt"), policy, own);

        assertThat(why.decision().reason()).isEqualTo(Reason.NO_IDENTITY_POLICY);
        assertThat(why.trusting().orElseThrow().policy()).isEqualTo("the key policy");
        assertThat(why.nearest().orElseThrow().statement().policy()).isEqualTo("a policy");
        assertThat(words(why))
                .containsExactly(
                        "Resource names [arn:aws:kms:a:b:c], and the request has ["
                                + Policies.KEY
                                + "]");
        assertThat(explain(question(USER, "kms:Encrypt"), policy).nearest()).isEmpty();
    }

    @Test
    void aPrincipalOfThatNameAndAnotherRecordIsToldApart() {
        Policy policy =
                PolicyParser.ofKey(
                        Policies.document(statement("Allow", aws(USER))), Map.of(USER, "AIDAOLD"));
        Question question =
                new Question(
                        Subject.of(io.keyhold.key.Arn.parse(USER).orElseThrow(), "AIDANEW"),
                        "kms:Encrypt",
                        Policies.KEY,
                        keys());

        assertThat(words(explain(question, policy)))
                .containsExactly(
                        "Principal names [%s (AIDAOLD)], and the request has [%s (AIDANEW)]"
                                .formatted(USER, USER));
    }

    @Test
    void aStatementThatNamesWhoAsksIsNearerThanOneOfAnIdentityPolicyAboutAnotherAction() {
        Policy policy =
                key(
                        statement("Allow", aws(ROOT)),
                        TO_USER
                                + "'Action': '*', 'Resource': '*', 'Condition':"
                                + " {'Null': {'aws:SourceIp': 'false'}}}");
        IdentityPolicies own =
                Policies.attached(Policies.identity("Allow", "kms:DescribeKey", "*"));

        Explanation why = explain(question(USER, "kms:Encrypt"), policy, own);

        assertThat(why.decision().reason()).isEqualTo(Reason.NO_IDENTITY_POLICY);
        assertThat(why.nearest().orElseThrow().statement().policy()).isEqualTo("the key policy");
        assertThat(words(why))
                .containsExactly(
                        "Condition: Null aws:SourceIp asks for [false], and the request has no"
                                + " such key");
    }

    @Test
    void aNamesakeIsNearerThanSomebodyElse() {
        Policy policy =
                PolicyParser.ofKey(
                        Policies.document(
                                statement("Allow", aws(OTHER_USER)), statement("Allow", aws(USER))),
                        Map.of(USER, "AIDAOLD"));

        Explanation why = explain(question(USER, "kms:Encrypt"), policy);

        assertThat(why.nearest().orElseThrow().statement().index()).isEqualTo(1);
    }

    @Test
    void boundaryAndSessionPolicyAreExplainedInTheirTurn() {
        Policy policy = key(statement("Allow", aws(ROOT)));
        Policy all = Policies.identity("Allow", "*", "*");
        Policy other = Policies.identity("Allow", "kms:Decrypt", "*");

        Explanation byBoundary =
                explain(
                        question(USER, "kms:Encrypt"),
                        policy,
                        new IdentityPolicies(List.of(all), Optional.of(other), Optional.empty()));
        Explanation bySession =
                explain(
                        question(Policies.SESSION, "kms:Encrypt"),
                        policy,
                        new IdentityPolicies(List.of(all), Optional.empty(), Optional.of(other)));

        assertThat(byBoundary.decision().reason()).isEqualTo(Reason.NO_BOUNDARY);
        assertThat(bySession.decision().reason()).isEqualTo(Reason.NO_SESSION_POLICY);
        assertThat(words(byBoundary))
                .isEqualTo(words(bySession))
                .containsExactly("Action names [kms:Decrypt], and the request has [kms:Encrypt]");
    }

    private static Explanation explain(Question question, Policy policy) {
        return explain(question, policy, IdentityPolicies.NONE);
    }

    private static Explanation explain(Question question, Policy policy, IdentityPolicies own) {
        Decision decision = Evaluator.decide(question, OWNER, policy, KeyGrants.NONE, own);
        return Explanation.of(question, decision, policy, List.of(), own);
    }

    private static List<String> words(Explanation why) {
        return why.nearest().orElseThrow().mismatches().stream().map(Mismatch::words).toList();
    }
}
