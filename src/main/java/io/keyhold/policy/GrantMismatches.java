package io.keyhold.policy;

import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.policy.Explanation.NearestGrant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What keeps grants from allowing a request. */
final class GrantMismatches {

    private GrantMismatches() {}

    /** The grant that comes nearest; for whom it is was looked at already. */
    static Optional<NearestGrant> nearest(Question question, List<Grant> grants) {
        GrantIndex.Asked asked = GrantIndex.Asked.of(question.keys());
        return grants.stream()
                .map(grant -> new NearestGrant(grant.id(), of(question, asked, grant)))
                .filter(near -> !near.mismatches().isEmpty())
                .min(Comparator.comparingInt(near -> near.mismatches().size()));
    }

    private static List<Mismatch> of(Question question, GrantIndex.Asked asked, Grant grant) {
        List<Mismatch> found = new ArrayList<>();
        Optional<GrantOperation> operation = GrantOperation.ofAction(question.lowerCaseAction());
        if (operation.filter(grant.terms().operations()::contains).isEmpty()) {
            found.add(
                    Mismatch.of(
                            "Operations",
                            false,
                            grant.terms().operations().stream()
                                    .map(GrantOperation::name)
                                    .sorted()
                                    .toList(),
                            question.action()));
        }
        GrantConstraints wanted = grant.terms().constraints();
        List<String> context = asked.context().stream().map(Object::toString).toList();
        boolean bound = operation.filter(GrantOperation::hasEncryptionContext).isPresent();
        if (bound && !only(wanted.equal(), Map.of()).admit(asked.context())) {
            found.add(pairs("EncryptionContextEquals", wanted.equal(), context));
        }
        if (bound && !only(Map.of(), wanted.subset()).admit(asked.context())) {
            found.add(pairs("EncryptionContextSubset", wanted.subset(), context));
        }
        if (wanted.sourceArn().isPresent() && !wanted.sourceArn().equals(asked.sourceArn())) {
            found.add(
                    new Mismatch(
                            "SourceArn",
                            "",
                            "",
                            wanted.sourceArn().stream().toList(),
                            asked.sourceArn().stream().toList()));
        }
        return found;
    }

    private static GrantConstraints only(Map<String, String> equal, Map<String, String> subset) {
        return new GrantConstraints(equal, subset, Optional.empty());
    }

    private static Mismatch pairs(
            String element, Map<String, String> wanted, List<String> context) {
        return new Mismatch(
                element,
                "",
                "",
                wanted.entrySet().stream().map(Object::toString).sorted().toList(),
                context);
    }
}
