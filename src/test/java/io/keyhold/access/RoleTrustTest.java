package io.keyhold.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.policy.IdentityPolicies;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import io.keyhold.policy.Question;
import io.keyhold.policy.Subject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may assume a role, by its trust policy and their own policies. */
class RoleTrustTest {

    private static final String ACTION = "sts:AssumeRole";
    private static final String ROOT = "arn:aws:iam::111111111111:root";
    private static final String ALICE = "arn:aws:iam::111111111111:user/alice";
    private static final String BOB = "arn:aws:iam::222222222222:user/bob";
    private static final String CALLING = "arn:aws:iam::111111111111:role/calling";
    private static final String SESSION = "arn:aws:sts::111111111111:assumed-role/calling/one";
    private static final String SERVICE = "s3.amazonaws.com";
    private static final Arn ROLE =
            Arn.parse("arn:aws:iam::111111111111:role/path/role").orElseThrow();

    private static final IdentityPolicies NONE = IdentityPolicies.NONE;
    private static final IdentityPolicies ALLOWED = own("Allow", ROLE.toString());

    @Test
    void whoIsNamedNeedsNothingElseWithinTheAccount() {
        assertThat(may(ALICE, trust(ALICE), NONE)).isTrue();
        assertThat(may(SESSION, trust(CALLING), NONE)).isTrue();
        assertThat(may(SESSION, trust(SESSION), NONE)).isTrue();
        assertThat(may(BOB, trust(ALICE), ALLOWED)).isFalse();
    }

    @Test
    void whoseAccountIsNamedNeedsAPolicyForThatVeryRole() {
        assertThat(may(ALICE, trust(ROOT), NONE)).isFalse();
        assertThat(may(ALICE, trust(ROOT), ALLOWED)).isTrue();
        assertThat(may(ALICE, trust(ROOT), own("Allow", ROLE + "s"))).isFalse();
    }

    @Test
    void acrossAccountsBothMustAllow() {
        assertThat(may(BOB, trust(BOB), NONE)).isFalse();
        assertThat(may(BOB, trust(BOB), ALLOWED)).isTrue();
        assertThat(may(BOB, Policy.NOTHING, ALLOWED)).isFalse();
    }

    @Test
    void anExplicitDenyWins() {
        assertThat(may(ALICE, trust(ALICE), own("Deny", "*"))).isFalse();
        assertThat(may(ALICE, trust(ALICE, "Deny", "AWS"), ALLOWED)).isFalse();
    }

    @Test
    void anAccountsRootMayNotAndAServiceMayIfItIsNamed() {
        assertThat(may(ROOT, trust(ROOT), NONE)).isFalse();
        assertThat(may(SERVICE, trust(SERVICE, "Allow", "Service"), NONE)).isTrue();
        assertThat(may(SERVICE, trust(ALICE), NONE)).isFalse();
    }

    /** A new user of that name is not who was named. */
    @Test
    void whoIsNamedIsMeantByTheirUniqueId() {
        Policy bound =
                PolicyParser.ofTrust(document(ALICE, "Allow", "AWS"), Map.of(ALICE, "AIDA1"));

        assertThat(decide(Subject.of(arn(ALICE), "AIDA1"), bound, NONE)).isTrue();
        assertThat(decide(Subject.of(arn(ALICE), "AIDA2"), bound, NONE)).isFalse();
    }

    private static boolean may(String who, Policy trust, IdentityPolicies own) {
        Subject subject = who.equals(SERVICE) ? Subject.service(who, "") : Subject.of(arn(who), "");
        return decide(subject, trust, own);
    }

    private static boolean decide(Subject subject, Policy trust, IdentityPolicies own) {
        Question question = new Question(subject, ACTION, ROLE.toString(), key -> List.of());
        return RoleTrust.decide(question, ROLE, trust, own).allowed();
    }

    private static Policy trust(String principal) {
        return trust(principal, "Allow", "AWS");
    }

    private static Policy trust(String principal, String effect, String type) {
        return PolicyParser.ofTrust(document(principal, effect, type), Map.of());
    }

    private static String document(String principal, String effect, String type) {
        return "{\"Statement\": {\"Effect\": \"%s\", \"Principal\": {\"%s\": \"%s\"}, \"Action\": \"%s\"}}"
                .formatted(effect, type, principal, ACTION);
    }

    private static IdentityPolicies own(String effect, String resource) {
        Policy policy =
                PolicyParser.ofIdentity(
                        "{\"Statement\": {\"Effect\": \"%s\", \"Action\": \"%s\", \"Resource\": \"%s\"}}"
                                .formatted(effect, ACTION, resource),
                        "own");
        return new IdentityPolicies(List.of(policy), Optional.empty(), Optional.empty());
    }

    private static Arn arn(String text) {
        return Arn.parse(text).orElseThrow();
    }
}
