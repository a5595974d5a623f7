package io.keyhold.policy;

import io.keyhold.policy.Decision.Reason;
import io.keyhold.policy.Statement.Choice;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a key's policy leaves room for somebody of its account, whoever that is: what only a
 * request can tell, such as its encryption context, may be as a statement wants it.
 */
public final class Openness {

    /** What is the same whoever of the account calls through the service, and whatever he asks. */
    private static final Set<String> KNOWN =
            Set.of(
                    "aws:calledvia",
                    "aws:calledviafirst",
                    "aws:calledvialast",
                    "aws:principalaccount",
                    "aws:principalisawsservice",
                    "aws:principalorgid",
                    "aws:principalorgpaths",
                    "aws:principalservicename",
                    "aws:principalservicenameslist",
                    "aws:requestedregion",
                    "aws:resourceaccount",
                    "aws:resourcetag",
                    "aws:sourceaccount",
                    "aws:sourcearn",
                    "aws:viaawsservice",
                    "kms:calleraccount",
                    "kms:grantisforawsresource",
                    "kms:keyorigin",
                    "kms:keyspec",
                    "kms:keyusage",
                    "kms:multiregion",
                    "kms:resourcealiases",
                    "kms:viaservice");

    private Openness() {}

    /**
     * Decides for nobody in particular.
     *
     * @param question whose context is that of a principal of the account
     */
    public static Decision decide(Question question, String account, Policy policy) {
        List<Statement> answering =
                policy.statements().stream()
                        .filter(one -> one.hasAction(question) && one.hasResource(question))
                        .toList();
        List<Statement> denials =
                answering.stream()
                        .filter(one -> !one.allow() && certainlyHolds(one, question))
                        .toList();
        Decision refusal = Decision.of(Reason.NO_RESOURCE_POLICY);
        for (Statement statement : answering) {
            if (!statement.allow() || !mayHold(statement, question)) {
                continue;
            }
            for (PrincipalPattern somebody : somebody(statement.principals(), account)) {
                Optional<Statement> denial =
                        denials.stream().filter(one -> covers(one, somebody, account)).findFirst();
                if (denial.isEmpty()) {
                    return new Decision(Reason.ALLOWED, statement, "");
                }
                refusal = new Decision(Reason.DENY_RESOURCE_POLICY, denial.get(), "");
            }
        }
        return refusal;
    }

    private static boolean certainlyHolds(Statement statement, Question question) {
        return statement.conditions().stream()
                .allMatch(each -> isKnown(each) && each.holds(question.keys()));
    }

    private static boolean mayHold(Statement statement, Question question) {
        return statement.conditions().stream()
                .allMatch(each -> !isKnown(each) || each.holds(question.keys()));
    }

    /** Whom of the account it names. */
    private static List<PrincipalPattern> somebody(
            Choice<PrincipalPattern> principals, String account) {
        return principals.named().stream().filter(one -> isOf(one, account)).toList();
    }

    /** NotPrincipal spares only whom it lists together with the account. */
    private static boolean covers(Statement denial, PrincipalPattern somebody, String account) {
        List<PrincipalPattern> named = denial.principals().named();
        boolean whole = named.stream().anyMatch(one -> isAll(one, account));
        return denial.principals().inverted()
                ? !whole || !(isAll(somebody, account) || named.contains(somebody))
                : whole || named.contains(somebody);
    }

    private static boolean isOf(PrincipalPattern principal, String account) {
        return isAll(principal, account)
                || (principal instanceof PrincipalPattern.OfAccount named
                        && named.account().equals(account));
    }

    private static boolean isAll(PrincipalPattern principal, String account) {
        return principal instanceof PrincipalPattern.Everyone
                || (principal instanceof PrincipalPattern.Account whole
                        && whole.account().equals(account));
    }

    /** A value with a variable is as unknown as what that stands for. */
    private static boolean isKnown(Condition condition) {
        return KNOWN.contains(condition.key().name())
                && condition.written().values().stream().noneMatch(value -> value.contains("${"));
    }
}
