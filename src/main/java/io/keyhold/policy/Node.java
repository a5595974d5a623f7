package io.keyhold.policy;

import java.util.List;
import java.util.Map;

/** A piece of a policy document, which knows where it stands: {@code Statement[0].Condition}. */
sealed interface Node {

    /** Where it stands in the document; empty for the document itself. */
    String path();

    /** A string. */
    record Text(String path, String value) implements Node {}

    /** A number, as it was written. */
    record Numeral(String path, String value) implements Node {}

    /** A truth value. */
    record Flag(String path, boolean value) implements Node {}

    /** null. */
    record Nothing(String path) implements Node {}

    /** An array. */
    record Items(String path, List<Node> elements) implements Node {}

    /** An object. */
    record Members(String path, Map<String, Node> byName) implements Node {}

    /** What it is, for a message. */
    default String kind() {
        return switch (this) {
            case Text text -> "a string";
            case Numeral number -> "a number";
            case Flag flag -> "a boolean";
            case Nothing nothing -> "null";
            case Items items -> "an array";
            case Members members -> "an object";
        };
    }
}
