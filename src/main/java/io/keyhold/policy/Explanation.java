package io.keyhold.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why policies decided as they did.
 *
 * @param trusting the key policy's statement that left a denied request to its account, if one did
 * @param nearest of a denial without an explicit deny: the statement that comes nearest to allowing
 *     it, if there is one at all
 */
public record Explanation(
        Decision decision, Optional<Statement> trusting, Optional<Nearest> nearest) {

    /**
     * A statement that does not allow a request, and all that keeps it from doing so.
     *
     * @param mismatches at least one
     */
    public record Nearest(Statement statement, List<Mismatch> mismatches) {}

    /** Explains a decision about a key. */
    public static Explanation of(
            Question question, Decision decision, Policy keyPolicy, IdentityPolicies own) {
        if (decision.allowed()) {
            return new Explanation(decision, Optional.empty(), Optional.empty());
        }
        List<Policy> silent =
                switch (decision.reason()) {
                    case NO_RESOURCE_POLICY -> List.of(keyPolicy);
                    case NO_IDENTITY_POLICY -> own.attached();
                    case NO_BOUNDARY -> own.boundary().stream().toList();
                    case NO_SESSION_POLICY -> own.session().stream().toList();
                    default -> List.of();
                };
        boolean left = decision.statement() == null && !silent.contains(keyPolicy);
        return new Explanation(
                decision,
                left ? trusting(question, keyPolicy) : Optional.empty(),
                nearest(question, silent));
    }

    private static Optional<Statement> trusting(Question question, Policy keyPolicy) {
        return keyPolicy.statements().stream()
                .filter(Statement::allow)
                .filter(statement -> mismatches(question, statement).isEmpty())
                .findFirst();
    }

    private static Optional<Nearest> nearest(Question question, List<Policy> policies) {
        return policies.stream()
                .flatMap(policy -> policy.statements().stream())
                .filter(Statement::allow)
                .map(statement -> new Nearest(statement, mismatches(question, statement)))
                .min(Comparator.comparingInt(near -> near.mismatches().size()));
    }

    private static List<Mismatch> mismatches(Question question, Statement statement) {
        List<Mismatch> found = new ArrayList<>();
        Statement.Choice<PrincipalPattern> principals = statement.principals();
        boolean ofAll = principals.named().isEmpty();
        if (!ofAll && statement.reach(question.subject()) == PrincipalPattern.Reach.NONE) {
            found.add(
                    Mismatch.of(
                            "Principal",
                            principals.inverted(),
                            principals.named().stream().map(PrincipalPattern::written).toList(),
                            question.subject().written()));
        }
        if (!statement.hasAction(question)) {
            found.add(mismatch("Action", statement.actions(), question.action()));
        }
        if (!statement.hasResource(question)) {
            found.add(mismatch("Resource", statement.resources(), question.resource()));
        }
        for (Condition condition : statement.conditions()) {
            if (!condition.holds(question.keys())) {
                found.add(
                        Mismatch.of(condition.written(), question.keys().values(condition.key())));
            }
        }
        return found;
    }

    private static Mismatch mismatch(
            String element, Statement.Choice<Template> choice, String actual) {
        return Mismatch.of(
                element,
                choice.inverted(),
                choice.named().stream().map(Template::toString).toList(),
                actual);
    }
}
