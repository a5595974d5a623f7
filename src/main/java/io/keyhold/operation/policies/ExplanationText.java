package io.keyhold.operation.policies;

import io.keyhold.access.Hypothesis;
import io.keyhold.key.Arn;
import io.keyhold.key.Principal;
import io.keyhold.policy.Decision;
import io.keyhold.policy.Explanation;
import io.keyhold.policy.Explanation.Nearest;
import io.keyhold.policy.Explanation.NearestGrant;
import io.keyhold.policy.Mismatch;
import io.keyhold.policy.Statement;
import io.keyhold.v1.AccessReason;
import io.keyhold.v1.ElementMismatch;
import io.keyhold.v1.ExplainAccessResponse;
import io.keyhold.v1.NearestStatement;
import io.keyhold.v1.StatementReference;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An explanation as callers see it.
 *
 * @param key its ARN
 * @param account the caller's
 * @param own whether the principal is of the caller's account: else its policies are nobody's
 *     business here
 */
record ExplanationText(Hypothesis hypothesis, String key, String account, boolean own) {

    private static final String CREATE_GRANT = "kms:CreateGrant";
    private static final String OF_KEY = "the key policy";
    private static final Pattern BOUND = Pattern.compile("(arn:[^ ]+) \\([A-Z0-9]+\\)");

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
            words.append(" Decided by ").append(statement.words()).append('.');
        }
        if (!decision.grantId().isEmpty()) {
            answer.setGrantId(decision.grantId());
            words.append(" Decided by grant ").append(decision.grantId()).append('.');
            if (hypothesis.action().equals(CREATE_GRANT)) {
                words.append(" By a grant no more can be handed on than it holds.");
            }
        }
        why.trusting()
                .ifPresent(
                        trusting -> {
                            answer.setTrustingStatement(reference(trusting));
                            words.append(" Left to the policies of the account by ")
                                    .append(trusting.words())
                                    .append('.');
                        });
        why.nearest()
                .filter(nearest -> isShown(nearest.statement()))
                .ifPresent(
                        nearest -> {
                            answer.setNearest(data(nearest));
                            words.append(words(nearest));
                        });
        why.nearestGrant()
                .ifPresent(
                        grant -> {
                            answer.setNearestGrant(data(grant));
                            words.append(words(grant));
                        });
        if (!own && decision.allowed() && !isRootOrService()) {
            answer.setOtherAccountMustAllow(true);
            words.append(" Its own account must allow it too, which is not looked at.");
        }
        return answer.setMessage(words.toString()).build();
    }

    private boolean isRootOrService() {
        return !(hypothesis.principal() instanceof Principal.OfAccount named)
                || named.arn().isRoot();
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

    private String words(Nearest nearest) {
        return " Nearest is %s: %s."
                .formatted(nearest.statement().words(), words(nearest.mismatches()));
    }

    private String words(NearestGrant grant) {
        return " Nearest grant is %s: %s.".formatted(grant.id(), words(grant.mismatches()));
    }

    private String words(List<Mismatch> mismatches) {
        return mismatches.stream()
                .map(this::shown)
                .map(Mismatch::words)
                .collect(Collectors.joining("; "));
    }

    /** Which record of a name there is, is the business of its account. */
    private Mismatch shown(Mismatch mismatch) {
        return new Mismatch(
                mismatch.element(),
                mismatch.operator(),
                mismatch.key(),
                mismatch.wanted().stream().map(this::shown).toList(),
                mismatch.actual().stream().map(this::shown).toList());
    }

    private String shown(String text) {
        Matcher bound = BOUND.matcher(text);
        return bound.matches()
                        && Arn.parse(bound.group(1))
                                .filter(arn -> arn.account().equals(account))
                                .isEmpty()
                ? bound.group(1)
                : text;
    }

    private static StatementReference.Builder reference(Statement statement) {
        StatementReference.Builder reference =
                StatementReference.newBuilder()
                        .setPolicy(statement.policy())
                        .setIndex(statement.index());
        return statement.sid().isEmpty() ? reference : reference.setSid(statement.sid());
    }

    private NearestStatement.Builder data(Nearest nearest) {
        NearestStatement.Builder data =
                NearestStatement.newBuilder().setStatement(reference(nearest.statement()));
        nearest.mismatches().forEach(mismatch -> data.addMismatches(data(mismatch)));
        return data;
    }

    private io.keyhold.v1.NearestGrant.Builder data(NearestGrant grant) {
        io.keyhold.v1.NearestGrant.Builder data =
                io.keyhold.v1.NearestGrant.newBuilder().setGrantId(grant.id());
        grant.mismatches().forEach(mismatch -> data.addMismatches(data(mismatch)));
        return data;
    }

    private ElementMismatch.Builder data(Mismatch unseen) {
        Mismatch mismatch = shown(unseen);
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
