package io.keyhold.policy;

import java.util.List;
import java.util.Map;

/** Takes pieces of a document as what they have to be. */
final class Elements {

    private Elements() {}

    static Map<String, Node> members(Node node) {
        if (node instanceof Node.Members members) {
            return members.byName();
        }
        throw wrong(node, "an object");
    }

    static String text(Node node) {
        if (node instanceof Node.Text text) {
            return text.value();
        }
        throw wrong(node, "a string");
    }

    /** The values of a condition may be strings, numbers and booleans. */
    static String scalar(Node node) {
        return switch (node) {
            case Node.Text text -> text.value();
            case Node.Numeral number -> number.value();
            case Node.Flag flag -> String.valueOf(flag.value());
            default -> throw wrong(node, "a string, a number or a boolean");
        };
    }

    /** One thing, or an array of at least one. */
    static List<Node> oneOrMore(Node node) {
        if (!(node instanceof Node.Items items)) {
            return List.of(node);
        }
        if (items.elements().isEmpty()) {
            throw Malformed.at(node, "an array must have at least one element");
        }
        return items.elements();
    }

    private static RuntimeException wrong(Node node, String wanted) {
        return Malformed.at(node, "it must be %s, and is %s", wanted, node.kind());
    }
}
