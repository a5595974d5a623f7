package io.keyhold.operation.policies;

import io.keyhold.access.Hypothesis;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Explanation;
import io.keyhold.policy.Explanation.Nearest;
import io.keyhold.policy.Mismatch;
import io.keyhold.policy.Statement;
import io.keyhold.v1.AccessReason;
import io.keyhold.v1.ElementMismatch;
import io.keyhold.v1.ExplainAccessResponse;
import io.keyhold.v1.NearestStatement;
import io.keyhold.v1.StatementReference;
import java.util.stream.Collectors;

/**
 * An explanation as callers see it.
 *
 * @param key its ARN
 * @param own whether the principal is of the caller's account: else its policies are nobody's
 *     business here
 */
record ExplanationText(Hypothesis hypothesis, String key, boolean own) {

    private static final String OF_KEY = "the key policy";

    ExplainAccessResponse answer(Explanation why) {
        Decision decision = why.decision();
        ExplainAccessResponse.Builder answer =
                ExplainAccessResponse.newBuilder()
                        .setAllowed(decision.allowed())
                        .setReason(AccessReason.Value.valueOf(decision.reason().name()));
        StringBuilder words = new StringBuilder(verdict(decision));
        Statement statement = decision.statement();
        if (statement != null && isShown(statement)) {
            answer.setStatement(reference(statement));
            words.append(" Decided by ").append(name(statement)).append('.');
        }
        if (!decision.grantId().isEmpty()) {
            answer.setGrantId(decision.grantId());
            words.append(" Decided by grant ").append(decision.grantId()).append('.');
        }
        why.trusting()
                .ifPresent(
                        trusting -> {
                            answer.setTrustingStatement(reference(trusting));
                            words.append(" Left to the policies of the account by ")
                                    .append(name(trusting))
                                    .append('.');
                        });
        why.nearest()
                .filter(nearest -> isShown(nearest.statement()))
                .ifPresent(
                        nearest -> {
                            answer.setNearest(data(nearest));
                            words.append(words(nearest));
                        });
        return answer.setMessage(words.toString()).build();
    }

    private boolean isShown(Statement statement) {
        return own || statement.policy().equals(OF_KEY);
    }

    private String verdict(Decision decision) {
        String verdict =
                "%s %s authorized to perform: %s on resource: %s"
                        .formatted(
                                hypothesis.principal(),
                                decision.allowed() ? "is" : "is not",
                                hypothesis.action(),
                                key);
        String reason = decision.reason().words(hypothesis.action());
        return verdict + (reason.isEmpty() ? "." : " " + reason + ".");
    }

    private static String words(Nearest nearest) {
        return " Nearest is %s: %s."
                .formatted(
                        name(nearest.statement()),
                        nearest.mismatches().stream()
                                .map(Mismatch::words)
                                .collect(Collectors.joining("; ")));
    }

    private static String name(Statement statement) {
        return statement.sid().isEmpty()
                ? "statement %d of %s".formatted(statement.index(), statement.policy())
                : "statement %d (%s) of %s"
                        .formatted(statement.index(), statement.sid(), statement.policy());
    }

    private static StatementReference.Builder reference(Statement statement) {
        StatementReference.Builder reference =
                StatementReference.newBuilder()
                        .setPolicy(statement.policy())
                        .setIndex(statement.index());
        return statement.sid().isEmpty() ? reference : reference.setSid(statement.sid());
    }

    private static NearestStatement.Builder data(Nearest nearest) {
        NearestStatement.Builder data =
                NearestStatement.newBuilder().setStatement(reference(nearest.statement()));
        nearest.mismatches().forEach(mismatch -> data.addMismatches(data(mismatch)));
        return data;
    }

    private static ElementMismatch.Builder data(Mismatch mismatch) {
        ElementMismatch.Builder data =
                ElementMismatch.newBuilder()
                        .setElement(mismatch.element())
                        .addAllWanted(mismatch.wanted())
                        .addAllActual(mismatch.actual());
        return mismatch.operator().isEmpty()
                ? data
                : data.setOperator(mismatch.operator()).setKey(mismatch.key());
    }
}
