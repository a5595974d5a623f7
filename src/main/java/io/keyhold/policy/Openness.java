package io.keyhold.policy;

import io.keyhold.policy.Decision.Reason;
import java.util.Set;

/**
 * Whether a key's policy leaves room for somebody of its account, whoever that is: what only a
 * request can tell, such as its encryption context, may be as a statement wants it.
 */
public final class Openness {

    /** What does not depend on who calls, nor on what he asks. */
    private static final Set<String> KNOWN =
            Set.of(
                    "aws:calledvia",
                    "aws:calledviafirst",
                    "aws:calledvialast",
                    "aws:principalaccount",
                    "aws:principalisawsservice",
                    "aws:requestedregion",
                    "aws:resourceaccount",
                    "aws:viaawsservice",
                    "kms:calleraccount",
                    "kms:keyorigin",
                    "kms:keyspec",
                    "kms:keyusage",
                    "kms:multiregion",
                    "kms:viaservice");

    private Openness() {}

    /**
     * Decides for nobody in particular.
     *
     * @param question whose context is that of a principal of the account
     */
    public static Decision decide(Question question, String account, Policy policy) {
        Statement allowing = null;
        for (Statement statement : policy.statements()) {
            if (!statement.hasAction(question) || !statement.hasResource(question)) {
                continue;
            }
            if (!statement.allow() && deniesEverybody(statement, question, account)) {
                return new Decision(Reason.DENY_RESOURCE_POLICY, statement, "");
            }
            if (statement.allow() && mayAllow(statement, question, account)) {
                allowing = statement;
            }
        }
        return allowing == null
                ? Decision.of(Reason.NO_RESOURCE_POLICY)
                : new Decision(Reason.ALLOWED, allowing, "");
    }

    private static boolean deniesEverybody(Statement statement, Question question, String account) {
        return !statement.principals().inverted()
                && statement.principals().named().stream().anyMatch(one -> isAll(one, account))
                && statement.conditions().stream()
                        .allMatch(each -> isKnown(each) && each.holds(question.keys()));
    }

    private static boolean mayAllow(Statement statement, Question question, String account) {
        boolean somebody =
                statement.principals().inverted()
                        || statement.principals().named().stream()
                                .anyMatch(one -> isAll(one, account) || isOne(one, account));
        return somebody
                && statement.conditions().stream()
                        .allMatch(each -> !isKnown(each) || each.holds(question.keys()));
    }

    private static boolean isAll(PrincipalPattern principal, String account) {
        return principal instanceof PrincipalPattern.Everyone
                || (principal instanceof PrincipalPattern.Account whole
                        && whole.account().equals(account));
    }

    private static boolean isOne(PrincipalPattern principal, String account) {
        return principal instanceof PrincipalPattern.OfAccount named
                && named.account().equals(account);
    }

    private static boolean isKnown(Condition condition) {
        return KNOWN.contains(condition.key().name());
    }
}
