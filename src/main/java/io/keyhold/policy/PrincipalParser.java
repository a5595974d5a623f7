package io.keyhold.policy;

import io.keyhold.key.Arn;
import io.keyhold.key.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the Principal and NotPrincipal elements. */
final class PrincipalParser {

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern CANONICAL_USER = Pattern.compile("[0-9a-f]{64}");

    private final Map<String, String> uniqueIds;

    PrincipalParser(Map<String, String> uniqueIds) {
        this.uniqueIds = uniqueIds;
    }

    List<PrincipalPattern> parse(Node element) {
        if (element instanceof Node.Text text) {
            if (text.value().equals("*")) {
                return List.of(new PrincipalPattern.Everyone());
            }
            throw Malformed.at(
                    element,
                    "a bare string can only be \"*\"; else it is an object: {\"AWS\": \"...\"}");
        }
        List<PrincipalPattern> patterns = new ArrayList<>();
        Elements.members(element)
                .forEach(
                        (type, names) -> {
                            for (Node name : Elements.oneOrMore(names)) {
                                patterns.add(pattern(type, name));
                            }
                        });
        if (patterns.isEmpty()) {
            throw Malformed.at(element, "it names nobody");
        }
        return patterns;
    }

    private PrincipalPattern pattern(String type, Node node) {
        String name = Elements.text(node);
        return switch (type) {
            case "AWS" -> aws(name, node);
            case "Service" -> {
                require(
                        Principal.Service.isName(name),
                        name,
                        node,
                        "the name of a service, as s3.amazonaws.com");
                yield new PrincipalPattern.Service(name);
            }
            case "Federated" -> new PrincipalPattern.Stranger(name);
            case "CanonicalUser" -> {
                require(CANONICAL_USER.matcher(name).matches(), name, node, "a canonical user ID");
                yield new PrincipalPattern.Stranger(name);
            }
            default ->
                    throw Malformed.at(
                            node,
                            "a principal is AWS, Service, Federated or CanonicalUser, not '%s'",
                            type);
        };
    }

    private PrincipalPattern aws(String name, Node node) {
        if (name.equals("*")) {
            return new PrincipalPattern.Everyone();
        }
        if (ACCOUNT.matcher(name).matches()) {
            return new PrincipalPattern.Account("", name);
        }
        Arn arn =
                Arn.parse(name)
                        .filter(Arn::isPrincipal)
                        .orElseThrow(
                                () ->
                                        Malformed.at(
                                                node,
                                                "'%s' is no principal: an account number, or the"
                                                        + " ARN of an account's root, a user, a"
                                                        + " role or a role session; no wildcard",
                                                name));
        return PrincipalPattern.of(arn, uniqueIds.getOrDefault(name, ""));
    }

    private static void require(boolean good, String name, Node node, String wanted) {
        if (!good) {
            throw Malformed.at(node, "'%s' is not %s", name, wanted);
        }
    }
}
