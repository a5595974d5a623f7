package io.keyhold.policy;

import io.keyhold.policy.Condition.Qualifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the Condition element. */
final class ConditionParser {

    private static final String IF_EXISTS = "IfExists";
    private static final String ANY = "ForAnyValue:";
    private static final String ALL = "ForAllValues:";

    private final boolean variables;

    /**
     * @param variables whether the document's version has policy variables
     */
    ConditionParser(boolean variables) {
        this.variables = variables;
    }

    List<Condition> parse(Node element) {
        List<Condition> conditions = new ArrayList<>();
        Elements.members(element)
                .forEach(
                        (operator, block) ->
                                Elements.members(block)
                                        .forEach(
                                                (key, values) ->
                                                        conditions.add(
                                                                condition(
                                                                        block, operator, key,
                                                                        values))));
        return List.copyOf(conditions);
    }

    private Condition condition(Node block, String written, String key, Node values) {
        Qualifier qualifier =
                written.startsWith(ANY)
                        ? Qualifier.FOR_ANY_VALUE
                        : written.startsWith(ALL) ? Qualifier.FOR_ALL_VALUES : Qualifier.NONE;
        String name = qualifier == Qualifier.NONE ? written : written.split(":", 2)[1];
        boolean ifExists = name.endsWith(IF_EXISTS);
        Optional<Operator> operator =
                Operator.named(
                        ifExists ? name.substring(0, name.length() - IF_EXISTS.length()) : name);
        boolean known =
                operator.isPresent()
                        && !(operator.get() == Operator.Null
                                && (ifExists || qualifier != Qualifier.NONE));
        if (!known) {
            throw Malformed.at(block, "there is no condition operator '%s'", written);
        }
        if (!key.matches("[A-Za-z0-9-]+:.+")) {
            throw Malformed.at(
                    values, "'%s' is no condition key; one looks like kms:ViaService", key);
        }
        List<Node> nodes = Elements.oneOrMore(values);
        List<Comparand> comparands = new ArrayList<>();
        for (Node value : nodes) {
            comparands.add(comparand(operator.get(), value, Elements.scalar(value)));
        }
        return new Condition(
                operator.get(),
                qualifier,
                ifExists,
                ContextKey.of(key),
                List.copyOf(comparands),
                new Condition.Written(written, key, nodes.stream().map(Elements::scalar).toList()));
    }

    private Comparand comparand(Operator operator, Node place, String text) {
        try {
            return operator.compile(new Comparand.Text(text, variables));
        } catch (IllegalArgumentException e) {
            throw Malformed.at(
                    place,
                    "'%s' is no value for %s: %s",
                    text,
                    operator,
                    String.valueOf(e.getMessage()));
        }
    }
}
