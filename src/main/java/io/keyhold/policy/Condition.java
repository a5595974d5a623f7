package io.keyhold.policy;

import java.util.List;

/** One line of a Condition element: an operator, a key, and values of which one must fit. */
record Condition(
        Operator operator,
        Qualifier qualifier,
        boolean ifExists,
        ContextKey key,
        List<Comparand> comparands,
        Written written) {

    /**
     * As the document has it, for an explanation.
     *
     * @param operator with its qualifier and suffix
     */
    record Written(String operator, String key, List<String> values) {}

    /** How many of the request's values must satisfy it. */
    enum Qualifier {
        NONE,
        FOR_ANY_VALUE,
        FOR_ALL_VALUES
    }

    boolean holds(ContextKeys keys) {
        List<String> actual = keys.values(key);
        if (operator == Operator.Null) {
            return fits(String.valueOf(actual.isEmpty()), keys);
        }
        if (actual.isEmpty()) {
            return switch (qualifier) {
                case NONE -> ifExists || operator.negated();
                case FOR_ANY_VALUE -> false;
                case FOR_ALL_VALUES -> true;
            };
        }
        return switch (qualifier) {
            case NONE ->
                    operator.negated()
                            ? actual.stream().allMatch(value -> satisfies(value, keys))
                            : actual.stream().anyMatch(value -> satisfies(value, keys));
            case FOR_ANY_VALUE -> actual.stream().anyMatch(value -> satisfies(value, keys));
            case FOR_ALL_VALUES -> actual.stream().allMatch(value -> satisfies(value, keys));
        };
    }

    /** What cannot be compared satisfies no operator, a negated one neither. */
    private boolean satisfies(String actual, ContextKeys keys) {
        return operator.negated()
                ? operator.reads(actual) && !fits(actual, keys)
                : fits(actual, keys);
    }

    private boolean fits(String actual, ContextKeys keys) {
        for (Comparand comparand : comparands) {
            if (comparand.fits(actual, keys)) {
                return true;
            }
        }
        return false;
    }
}
