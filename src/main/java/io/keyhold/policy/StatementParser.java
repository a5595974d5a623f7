package io.keyhold.policy;

import io.keyhold.policy.Statement.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one statement of a policy document. */
final class StatementParser {

    private static final Set<String> ELEMENTS =
            Set.of(
                    "Sid",
                    "Effect",
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Resource",
                    "NotResource",
                    "Condition");

    private static final Pattern ACTION =
            Pattern.compile("[*]|[*]:[*]|[A-Za-z0-9-]+:[A-Za-z0-9*?]+");

    private final PolicyDialect dialect;
    private final String policy;
    private final boolean variables;
    private final PrincipalParser principals;

    /**
     * @param policy what the policy is called in an explanation
     * @param variables whether the document's version has policy variables
     * @param uniqueIds of the users and roles that it was bound to, by their ARN
     */
    StatementParser(
            PolicyDialect dialect,
            String policy,
            boolean variables,
            Map<String, String> uniqueIds) {
        this.dialect = dialect;
        this.policy = policy;
        this.variables = variables;
        this.principals = new PrincipalParser(uniqueIds);
    }

    Statement parse(Node node, int index) {
        Map<String, Node> elements = Elements.members(node);
        elements.forEach((name, element) -> requireKnown(name, element));
        boolean allow = allows(node, elements);
        Node condition = elements.get("Condition");
        return new Statement(
                policy,
                index,
                sid(elements.get("Sid")),
                allow,
                principals(node, elements, allow),
                choice(node, elements, "Action", dialect.mustBeComplete(), this::action),
                dialect.hasResources()
                        ? choice(
                                node,
                                elements,
                                "Resource",
                                dialect.mustBeComplete(),
                                this::resource)
                        : new Choice<>(false, List.of(Template.wildcards("*"))),
                condition == null ? List.of() : new ConditionParser(variables).parse(condition));
    }

    private void requireKnown(String name, Node element) {
        boolean misplaced =
                (name.endsWith("Principal") && !dialect.hasPrincipals())
                        || (name.endsWith("Resource") && !dialect.hasResources());
        if (!ELEMENTS.contains(name)) {
            throw Malformed.at(element, "there is no such element in a statement");
        }
        if (misplaced) {
            throw Malformed.at(element, "%s may not have this element", policy);
        }
    }

    private String sid(@Nullable Node element) {
        if (element == null) {
            return "";
        }
        String sid = Elements.text(element);
        if (!dialect.isSid(sid)) {
            throw Malformed.at(element, "'%s': it may hold only %s", sid, dialect.sidInWords());
        }
        return sid;
    }

    private static boolean allows(Node statement, Map<String, Node> elements) {
        Node effect = elements.get("Effect");
        if (effect == null) {
            throw Malformed.at(statement, "Effect is missing");
        }
        String text = Elements.text(effect);
        if (!text.equals("Allow") && !text.equals("Deny")) {
            throw Malformed.at(effect, "it must be Allow or Deny");
        }
        return text.equals("Allow");
    }

    private Choice<PrincipalPattern> principals(
            Node statement, Map<String, Node> elements, boolean allow) {
        if (!dialect.hasPrincipals()) {
            return Choice.none();
        }
        Choice<PrincipalPattern> choice =
                choice(statement, elements, "Principal", true, principals::parse);
        if (choice.inverted() && allow) {
            throw Malformed.at(
                    statement, "NotPrincipal goes with the Effect Deny only; name a Principal");
        }
        return choice;
    }

    /** An element or its Not form, not both. */
    private static <T> Choice<T> choice(
            Node statement,
            Map<String, Node> elements,
            String name,
            boolean required,
            Function<Node, List<T>> parse) {
        Node plain = elements.get(name);
        Node inverted = elements.get("Not" + name);
        if (plain != null && inverted != null) {
            throw Malformed.at(statement, "it has %s and Not%s; one of them is enough", name, name);
        }
        if (plain == null && inverted == null) {
            if (required) {
                throw Malformed.at(statement, "%s is missing", name);
            }
            return Choice.none();
        }
        if (plain != null) {
            return new Choice<>(false, List.copyOf(parse.apply(plain)));
        }
        return new Choice<>(true, List.copyOf(parse.apply(Objects.requireNonNull(inverted))));
    }

    private List<Template> action(Node element) {
        List<Template> actions = new ArrayList<>();
        for (Node node : Elements.oneOrMore(element)) {
            String text = Elements.text(node);
            if (!ACTION.matcher(text).matches()) {
                throw Malformed.at(
                        node, "'%s' is no action; one looks like kms:Encrypt or kms:*", text);
            }
            actions.add(Template.wildcardsIgnoringCase(text));
        }
        return actions;
    }

    private List<Template> resource(Node element) {
        List<Template> resources = new ArrayList<>();
        for (Node node : Elements.oneOrMore(element)) {
            String text = Elements.text(node);
            boolean arn = text.startsWith("arn:") && text.split(":", 6).length == 6;
            if (!text.matches("[*]+") && !arn) {
                throw Malformed.at(node, "'%s' must be an ARN or \"*\"", text);
            }
            requireFixedStart(node, text);
            try {
                resources.add(new Comparand.Text(text, variables).template(true));
            } catch (IllegalArgumentException e) {
                throw Malformed.at(node, "'%s': %s", text, String.valueOf(e.getMessage()));
            }
        }
        return resources;
    }

    /**
     * A variable that stands where AWS does not look for one would be a rule that never applies.
     */
    private void requireFixedStart(Node node, String text) {
        int variable = text.indexOf("${");
        if (variables && variable >= 0 && text.substring(0, variable).split(":", -1).length < 6) {
            throw Malformed.at(
                    node,
                    "'%s': a policy variable may stand after the fifth colon of an ARN only",
                    text);
        }
    }
}
