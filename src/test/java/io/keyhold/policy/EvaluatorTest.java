package io.keyhold.policy;

import static io.keyhold.policy.Policies.KEY;
import static io.keyhold.policy.Policies.OTHER_ROOT;
import static io.keyhold.policy.Policies.OTHER_USER;
import static io.keyhold.policy.Policies.OWNER;
import static io.keyhold.policy.Policies.ROLE;
import static io.keyhold.policy.Policies.ROOT;
import static io.keyhold.policy.Policies.SESSION;
import static io.keyhold.policy.Policies.USER;
import static io.keyhold.policy.Policies.attached;
import static io.keyhold.policy.Policies.aws;
import static io.keyhold.policy.Policies.identity;
import static io.keyhold.policy.Policies.key;
import static io.keyhold.policy.Policies.question;
import static io.keyhold.policy.Policies.statement;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.PrincipalPattern.Reach;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EvaluatorTest {

    private static final Policy ROOT_TRUSTED = key(statement("Allow", aws(ROOT)));
    private static final Policy ENCRYPT = identity("Allow", "kms:Encrypt", KEY);
    private static final Policy DENY_ENCRYPT = identity("Deny", "kms:Encrypt", "*");

    @Test
    void nobodyNotEvenRootGetsInWithoutAnAllowingStatement() {
        Policy userOnly = key(statement("Allow", aws(USER)));

        for (String principal : List.of(ROOT, ROLE, SESSION, OTHER_ROOT, "s3.amazonaws.com")) {
            assertThat(decide(principal, userOnly, attached(identity("Allow", "*", "*"))))
                    .as(principal)
                    .isEqualTo(Reason.NO_RESOURCE_POLICY);
        }
        assertThat(decide(USER, userOnly, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {ROOT, OWNER})
    void anAccountsTrustLetsItsRootInAndLeavesOthersToTheirPolicies(String trusted) {
        Policy policy = key(statement("Allow", aws(trusted)));

        assertThat(decide(ROOT, policy, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(USER, policy, IdentityPolicies.NONE))
                .isEqualTo(Reason.NO_IDENTITY_POLICY);
        assertThat(decide(USER, policy, attached(ENCRYPT))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(SESSION, policy, attached(ENCRYPT))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(OTHER_USER, policy, attached(ENCRYPT)))
                .isEqualTo(Reason.NO_RESOURCE_POLICY);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab, ALLOWED",
        "arn:aws:kms:*:111122223333:key/*, ALLOWED",
        "*, ALLOWED",
        "arn:aws:kms:us-east-1:111122223333:alias/mine, NO_IDENTITY_POLICY",
        "arn:aws:kms:us-east-1:444455556666:key/*, NO_IDENTITY_POLICY"
    })
    void anIdentityPolicyNamesAKeyByItsArnOnly(String resource, Reason expected) {
        assertThat(decide(USER, ROOT_TRUSTED, attached(identity("Allow", "kms:*", resource))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*:*", "kms:*", "KMS:Enc?ypt"})
    void anActionMayHaveWildcards(String action) {
        assertThat(decide(USER, ROOT_TRUSTED, attached(identity("Allow", action, "*"))))
                .isEqualTo(Reason.ALLOWED);
    }

    @Test
    void anExplicitDenyWinsWhereverItStands() {
        IdentityPolicies allowed = attached(identity("Allow", "*", "*"));
        Policy denied = key(statement("Allow", "'*'"), statement("Deny", aws(ROOT)));

        assertThat(decide(ROOT, denied, allowed)).isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(decide(USER, denied, allowed)).isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(decide(SESSION, key(statement("Allow", "'*'")), attached(DENY_ENCRYPT)))
                .isEqualTo(Reason.DENY_IDENTITY_POLICY);
        assertThat(decide(USER, key(statement("Allow", aws(USER))), bounded(DENY_ENCRYPT)))
                .isEqualTo(Reason.DENY_BOUNDARY);
        assertThat(decide(SESSION, key(statement("Allow", aws(SESSION))), session(DENY_ENCRYPT)))
                .isEqualTo(Reason.DENY_SESSION_POLICY);
        Question question = question(USER, "kms:Encrypt");
        KeyGrants grants = asked -> new GrantMatch("g", Reach.DIRECT);
        assertThat(Evaluator.decide(question, OWNER, denied, grants, allowed).reason())
                .isEqualTo(Reason.DENY_RESOURCE_POLICY);
    }

    @Test
    void acrossAccountsBothSidesMustAllow() {
        Policy shared = key(statement("Allow", aws(OTHER_ROOT)));
        Policy named = key(statement("Allow", aws(OTHER_USER)));

        assertThat(decide(OTHER_USER, shared, IdentityPolicies.NONE))
                .isEqualTo(Reason.NO_IDENTITY_POLICY);
        assertThat(decide(OTHER_USER, named, IdentityPolicies.NONE))
                .isEqualTo(Reason.NO_IDENTITY_POLICY);
        assertThat(decide(OTHER_USER, named, attached(ENCRYPT))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(OTHER_USER, shared, attached(ENCRYPT))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(OTHER_ROOT, shared, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(OTHER_USER, ROOT_TRUSTED, attached(ENCRYPT)))
                .isEqualTo(Reason.NO_RESOURCE_POLICY);
    }

    @Test
    void aRoleStandsForItsSessionsAndASessionForItselfOnly() {
        Policy role = key(statement("Allow", aws(ROLE)));
        Policy session = key(statement("Allow", aws(SESSION)));
        String another = "arn:aws:sts::111122223333:assumed-role/Worker/two";

        assertThat(decide(SESSION, role, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(ROLE, role, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(SESSION, session, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(another, session, IdentityPolicies.NONE))
                .isEqualTo(Reason.NO_RESOURCE_POLICY);
    }

    @Test
    void boundaryAndSessionPolicyNarrowARoleButNotWhoIsNamedThemselves() {
        Policy role = key(statement("Allow", aws(ROLE)));
        Policy session = key(statement("Allow", aws(SESSION)));
        Policy user = key(statement("Allow", aws(USER)));
        Policy decryptOnly = identity("Allow", "kms:Decrypt", "*");

        assertThat(decide(SESSION, role, bounded(decryptOnly))).isEqualTo(Reason.NO_BOUNDARY);
        assertThat(decide(SESSION, role, session(decryptOnly))).isEqualTo(Reason.NO_SESSION_POLICY);
        assertThat(decide(SESSION, role, session(ENCRYPT))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(SESSION, session, session(decryptOnly))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(USER, user, bounded(decryptOnly))).isEqualTo(Reason.ALLOWED);
        assertThat(decide(USER, ROOT_TRUSTED, bounded(decryptOnly, ENCRYPT)))
                .isEqualTo(Reason.NO_BOUNDARY);
    }

    @Test
    void aServiceIsNamedAsAServiceAndNeedsNothingElse() {
        Policy service =
                key(
                        "{'Effect': 'Allow', 'Principal': {'Service': 's3.amazonaws.com'},"
                                + " 'Action': 'kms:Encrypt', 'Resource': '*', 'Condition':"
                                + " {'StringEquals': {'kms:CallerAccount': '111122223333'}}}");
        ContextKeys own = Policies.keys("kms:CallerAccount", OWNER);
        ContextKeys others = Policies.keys("kms:CallerAccount", Policies.OTHER);

        assertThat(service("s3.amazonaws.com", own, service)).isEqualTo(Reason.ALLOWED);
        assertThat(service("s3.amazonaws.com", others, service))
                .isEqualTo(Reason.NO_RESOURCE_POLICY);
        assertThat(service("ec2.amazonaws.com", own, service)).isEqualTo(Reason.NO_RESOURCE_POLICY);
    }

    @Test
    void aGrantStandsBesideTheKeyPolicy() {
        Policy nobody = key(statement("Allow", aws(ROOT)));
        KeyGrants direct = question -> new GrantMatch("g-1", Reach.DIRECT);
        KeyGrants toRole = question -> new GrantMatch("g-2", Reach.ROLE);

        Decision user =
                Evaluator.decide(
                        question(USER, "kms:Encrypt"),
                        OWNER,
                        nobody,
                        direct,
                        IdentityPolicies.NONE);
        Decision foreign =
                Evaluator.decide(
                        question(OTHER_USER, "kms:Encrypt"),
                        OWNER,
                        nobody,
                        direct,
                        IdentityPolicies.NONE);
        Decision narrowed =
                Evaluator.decide(
                        question(SESSION, "kms:Encrypt"),
                        OWNER,
                        nobody,
                        toRole,
                        session(identity("Allow", "kms:Decrypt", "*")));

        assertThat(user).isEqualTo(Decision.allowedBy("g-1"));
        assertThat(foreign.reason()).isEqualTo(Reason.NO_IDENTITY_POLICY);
        assertThat(narrowed.reason()).isEqualTo(Reason.NO_SESSION_POLICY);
    }

    @Test
    void notPrincipalSparesOnlyWhoseEveryNameItLists() {
        String all = statement("Allow", "'*'");
        String deny = "{'Effect': 'Deny', 'NotPrincipal': %s, 'Action': '*', 'Resource': '*'}";
        Policy complete = key(all, deny.formatted("{'AWS': ['%s', '%s']}".formatted(USER, OWNER)));
        Policy userOnly = key(all, deny.formatted(aws(USER)));
        Policy worker =
                key(
                        all,
                        deny.formatted(
                                "{'AWS': ['%s', '%s', '%s']}".formatted(SESSION, ROLE, ROOT)));

        assertThat(decide(USER, complete, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(ROOT, complete, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide(SESSION, complete, IdentityPolicies.NONE))
                .isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(decide(USER, userOnly, IdentityPolicies.NONE))
                .isEqualTo(Reason.DENY_RESOURCE_POLICY);
        assertThat(decide(SESSION, worker, IdentityPolicies.NONE)).isEqualTo(Reason.ALLOWED);
        assertThat(decide("s3.amazonaws.com", worker, IdentityPolicies.NONE))
                .isEqualTo(Reason.DENY_RESOURCE_POLICY);
    }

    @ParameterizedTest
    @CsvSource({
        "kms:Encrypt, ALLOWED",
        "KMS:encrypt, ALLOWED",
        "kms:Enc*, ALLOWED",
        "kms:Encryp?, ALLOWED",
        "*, ALLOWED",
        "kms:Decrypt, NO_RESOURCE_POLICY",
        "kms:Encrypt?, NO_RESOURCE_POLICY",
        "s3:*, NO_RESOURCE_POLICY"
    })
    void actionsMayHaveWildcardsAndAnyCase(String action, Reason expected) {
        String statement = statement("Allow", aws(ROOT)).replace("kms:*", action);

        assertThat(decide(ROOT, key(statement), IdentityPolicies.NONE)).isEqualTo(expected);
    }

    @Test
    void notActionAndNotResourceMeanEverythingElse() {
        String allow = "{'Effect': 'Allow', 'Principal': '*', %s, %s}";
        String action = "'Action': '*'";
        String resource = "'Resource': '*'";
        String elsewhere = "'NotResource': 'arn:aws:kms:eu-west-1:*:key/*'";

        assertThat(allows(allow.formatted("'NotAction': 'kms:Decrypt'", resource))).isTrue();
        assertThat(allows(allow.formatted("'NotAction': 'kms:Enc*'", resource))).isFalse();
        assertThat(allows(allow.formatted(action, elsewhere))).isTrue();
        assertThat(allows(allow.formatted(action, "'NotResource': '*'"))).isFalse();
    }

    @Test
    void aKeyPolicyStatementWithoutActionOrResourceHasNoEffect() {
        String start = "{'Effect': 'Allow', 'Principal': '*'";

        assertThat(allows(start + ", 'Action': '*'}")).isFalse();
        assertThat(allows(start + ", 'Resource': '*'}")).isFalse();
        assertThat(allows(start + "}")).isFalse();
    }

    @Test
    void whatHasNoPolicyOfItsOwnIsUpToTheCallersAccount() {
        Question root = new Question(Policies.subject(ROOT), "kms:ListKeys", "*", Policies.keys());
        Question user = new Question(Policies.subject(USER), "kms:ListKeys", "*", Policies.keys());
        IdentityPolicies everywhere = attached(identity("Allow", "kms:List*", "*"));
        IdentityPolicies keysOnly = attached(identity("Allow", "kms:List*", "arn:aws:kms:*:*:*"));

        assertThat(Evaluator.decide(root, IdentityPolicies.NONE).allowed()).isTrue();
        assertThat(Evaluator.decide(user, IdentityPolicies.NONE).allowed()).isFalse();
        assertThat(Evaluator.decide(user, everywhere).allowed()).isTrue();
        assertThat(Evaluator.decide(user, keysOnly).allowed()).isFalse();
    }

    private static boolean allows(String statement) {
        return decide(USER, key(statement), IdentityPolicies.NONE) == Reason.ALLOWED;
    }

    private static Reason decide(String principal, Policy policy, IdentityPolicies own) {
        Question question = question(principal, "kms:Encrypt");
        return Evaluator.decide(question, OWNER, policy, KeyGrants.NONE, own).reason();
    }

    private static Reason service(String name, ContextKeys keys, Policy policy) {
        return Evaluator.decide(
                        question(name, "kms:Encrypt", keys),
                        OWNER,
                        policy,
                        KeyGrants.NONE,
                        IdentityPolicies.NONE)
                .reason();
    }

    private static IdentityPolicies bounded(Policy boundary, Policy... attached) {
        return new IdentityPolicies(List.of(attached), Optional.of(boundary), Optional.empty());
    }

    private static IdentityPolicies session(Policy session) {
        return new IdentityPolicies(List.of(), Optional.empty(), Optional.of(session));
    }
}
