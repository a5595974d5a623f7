package io.keyhold.policy;

import io.keyhold.key.Grant;
import io.keyhold.policy.Decision.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why policies and grants decided as they did.
 *
 * @param trusting the key policy's statement that leaves the request to the policies of an account,
 *     where they decided
 * @param nearest of a denial without an explicit deny: the statement that comes nearest to allowing
 *     it, if there is one
 * @param nearestGrant likewise, of the grants to whoever asks
 */
public record Explanation(
        Decision decision,
        Optional<Statement> trusting,
        Optional<Nearest> nearest,
        Optional<NearestGrant> nearestGrant) {

    /**
     * A statement that does not allow a request, and all that keeps it from doing so.
     *
     * @param mismatches at least one
     */
    public record Nearest(Statement statement, List<Mismatch> mismatches) {

        /** The fewer the nearer: who is meant counts before what, and conditions last. */
        private static Comparator<Nearest> order(Subject subject) {
            return Comparator.<Nearest>comparingInt(near -> near.strangeness(subject))
                    .thenComparing(near -> near.has("Action"))
                    .thenComparing(near -> near.has("Resource"))
                    .thenComparingInt(near -> near.mismatches.size());
        }

        /** A namesake is nearer than somebody else. */
        private int strangeness(Subject subject) {
            boolean namesake =
                    statement.principals().named().stream()
                            .anyMatch(pattern -> pattern.isNamesake(subject));
            return !has("Principal") ? 0 : namesake ? 1 : 2;
        }

        private boolean has(String element) {
            return mismatches.stream().anyMatch(m -> m.element().endsWith(element));
        }
    }

    /** A grant that does not allow a request, and all that keeps it from doing so. */
    public record NearestGrant(String id, List<Mismatch> mismatches) {}

    /**
     * Explains a decision about a key.
     *
     * @param grants those to whoever asks
     */
    public static Explanation of(
            Question question,
            Decision decision,
            Policy keyPolicy,
            List<Grant> grants,
            IdentityPolicies own) {
        Optional<Statement> trusting =
                isOf(keyPolicy, decision) || !decision.grantId().isEmpty()
                        ? Optional.empty()
                        : trusting(question, keyPolicy);
        boolean denied = !decision.allowed() && decision.statement() == null;
        return new Explanation(
                decision,
                trusting,
                denied ? nearest(question, decision.reason(), keyPolicy, own) : Optional.empty(),
                denied ? GrantMismatches.nearest(question, grants) : Optional.empty());
    }

    private static boolean isOf(Policy keyPolicy, Decision decision) {
        Statement statement = decision.statement();
        return statement != null && keyPolicy.statements().contains(statement);
    }

    private static Optional<Statement> trusting(Question question, Policy keyPolicy) {
        return keyPolicy.statements().stream()
                .filter(Statement::allow)
                .filter(statement -> mismatches(question, statement).isEmpty())
                .findFirst();
    }

    /** Of the key policy too where it leaves the decision to an account: it could name somebody. */
    private static Optional<Nearest> nearest(
            Question question, Reason reason, Policy keyPolicy, IdentityPolicies own) {
        List<Policy> silent =
                switch (reason) {
                    case NO_IDENTITY_POLICY -> own.attached();
                    case NO_BOUNDARY -> own.boundary().stream().toList();
                    case NO_SESSION_POLICY -> own.session().stream().toList();
                    default -> List.of();
                };
        return Stream.concat(silent.stream(), Stream.of(keyPolicy))
                .flatMap(policy -> policy.statements().stream())
                .filter(Statement::allow)
                .map(statement -> new Nearest(statement, mismatches(question, statement)))
                .filter(near -> !near.mismatches().isEmpty())
                .min(Nearest.order(question.subject()));
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
        ContextKeys keys = statement.believed(question);
        for (Condition condition : statement.conditions()) {
            if (!statement.holds(condition, question)) {
                found.add(Mismatch.of(condition.written(), keys.values(condition.key())));
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
