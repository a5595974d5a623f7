package io.keyhold.key;

import java.util.Collection;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/**
 * What a request must be like for a grant to allow it. Names of the encryption context compare
 * without case, its values exactly; an empty map asks for nothing.
 *
 * @param equal all the pairs that the encryption context has
 * @param subset pairs that it has among others
 * @param sourceArn the resource on whose behalf a service calls
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html">GrantConstraints</a>
 */
public record GrantConstraints(
        Map<String, String> equal, Map<String, String> subset, Optional<String> sourceArn) {

    /** Everything is allowed. */
    public static final GrantConstraints NONE =
            new GrantConstraints(Map.of(), Map.of(), Optional.empty());

    public GrantConstraints {
        equal = Map.copyOf(equal);
        subset = Map.copyOf(subset);
    }

    /** Whether they ask for something about the encryption context. */
    public boolean limitContext() {
        return !equal.isEmpty() || !subset.isEmpty();
    }

    /** Whether an encryption context is what they ask for. */
    public boolean admit(Collection<Entry<String, String>> context) {
        return (equal.isEmpty() || areSame(equal.entrySet(), context))
                && areAmong(subset.entrySet(), context);
    }

    /** Whether they ask for all that others ask for, or more. */
    public boolean areAsStrictAs(GrantConstraints others) {
        boolean context =
                (others.equal.isEmpty() || areSame(others.equal.entrySet(), equal.entrySet()))
                        && (areAmong(others.subset.entrySet(), subset.entrySet())
                                || areAmong(others.subset.entrySet(), equal.entrySet()));
        return context && (others.sourceArn.isEmpty() || others.sourceArn.equals(sourceArn));
    }

    private static boolean areSame(
            Collection<Entry<String, String>> some, Collection<Entry<String, String>> others) {
        return areAmong(some, others) && areAmong(others, some);
    }

    private static boolean areAmong(
            Collection<Entry<String, String>> some, Collection<Entry<String, String>> all) {
        return some.stream().allMatch(wanted -> all.stream().anyMatch(pair -> same(wanted, pair)));
    }

    private static boolean same(Entry<String, String> a, Entry<String, String> b) {
        return a.getValue().equals(b.getValue()) && a.getKey().equalsIgnoreCase(b.getKey());
    }
}
