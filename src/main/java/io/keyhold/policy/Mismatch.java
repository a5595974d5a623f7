package io.keyhold.policy;

import java.util.List;

/**
 * An element of a statement that kept it from answering a question.
 *
 * @param element as the document calls it: Principal, NotAction, Condition …
 * @param operator of a condition, with its qualifier and suffix; else empty
 * @param key of a condition; else empty
 * @param wanted what the element names; empty if the statement lacks it
 * @param actual what the request has
 */
public record Mismatch(
        String element, String operator, String key, List<String> wanted, List<String> actual) {

    static Mismatch of(Condition.Written condition, List<String> actual) {
        return new Mismatch(
                "Condition", condition.operator(), condition.key(), condition.values(), actual);
    }

    static Mismatch of(String element, boolean inverted, List<String> wanted, String actual) {
        return new Mismatch(inverted ? "Not" + element : element, "", "", wanted, List.of(actual));
    }

    /** In a sentence. */
    public String words() {
        String has =
                !actual.isEmpty()
                        ? "the request has " + actual
                        : "the request has no such " + (operator.isEmpty() ? "thing" : "key");
        if (!operator.isEmpty()) {
            return "%s: %s %s asks for %s, and %s".formatted(element, operator, key, wanted, has);
        }
        if (wanted.isEmpty()) {
            return element + " is missing, so that the statement has no effect";
        }
        String does = element.startsWith("Not") ? "leaves out" : "names";
        return "%s %s %s, and %s".formatted(element, does, wanted, has);
    }
}
