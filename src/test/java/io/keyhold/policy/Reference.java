package io.keyhold.policy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decides the cases of {@link Case} slowly and in the plainest way: from the documents, with
 * regular expressions, one rule after the other.
 */
final class Reference {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)\\}");

    private final Case one;
    private final String account;
    private final String role;

    private Reference(Case one) {
        this.one = one;
        this.account = one.principal().split(":", -1)[4];
        this.role =
                one.principal().contains(":assumed-role/")
                        ? "arn:aws:iam::" + account + ":role/Worker"
                        : "";
    }

    static boolean allows(Case one) {
        return new Reference(one).allows();
    }

    private boolean allows() {
        List<JsonNode> own = one.identityPolicies().stream().map(JSON::readTree).toList();
        List<JsonNode> boundary = one.boundary().map(JSON::readTree).stream().toList();
        List<JsonNode> session = one.session().map(JSON::readTree).stream().toList();
        JsonNode ofKey = JSON.readTree(one.keyPolicy());
        boolean root = one.principal().equals("arn:aws:iam::" + account + ":root");
        boolean same = account.equals(Policies.OWNER);
        for (JsonNode statement : ofKey.get("Statement")) {
            if (isDeny(statement) && concerns(statement) && answers(statement)) {
                return false;
            }
        }
        if (any(own, true) || any(boundary, true) || any(session, true)) {
            return false;
        }
        boolean bounded = boundary.isEmpty() || any(boundary, false);
        boolean within = bounded && (session.isEmpty() || any(session, false));
        boolean byIdentity = root || (any(own, false) && within);
        if (!same) {
            return byIdentity && keyAllows(ofKey, this::concerns);
        }
        boolean self = keyAllows(ofKey, this::namesSelf);
        boolean asRole = within && keyAllows(ofKey, this::namesRole);
        return self || asRole || (byIdentity && keyAllows(ofKey, this::concerns));
    }

    private interface Naming {
        boolean test(JsonNode statement);
    }

    private boolean keyAllows(JsonNode policy, Naming naming) {
        return Stream.concat(
                        policy.get("Statement").valueStream(),
                        one.grants().stream().map(text -> JSON.readTree(text.replace('\'', '"'))))
                .anyMatch(
                        statement ->
                                !isDeny(statement) && naming.test(statement) && answers(statement));
    }

    private boolean concerns(JsonNode statement) {
        String named = named(statement);
        return namesSelf(statement)
                || namesRole(statement)
                || named.equals(account)
                || named.equals("arn:aws:iam::" + account + ":root");
    }

    private boolean namesSelf(JsonNode statement) {
        String named = named(statement);
        return named.equals(one.principal()) && !named.endsWith(":root")
                || named.equals("*") && role.isEmpty();
    }

    private boolean namesRole(JsonNode statement) {
        String named = named(statement);
        return !role.isEmpty() && (named.equals(role) || named.equals("*"));
    }

    private static String named(JsonNode statement) {
        JsonNode principal = statement.get("Principal");
        return principal.isString() ? principal.asString() : principal.get("AWS").asString();
    }

    private static boolean isDeny(JsonNode statement) {
        return statement.get("Effect").asString().equals("Deny");
    }

    private boolean any(List<JsonNode> policies, boolean deny) {
        for (JsonNode policy : policies) {
            for (JsonNode statement : policy.get("Statement")) {
                if (isDeny(statement) == deny && answers(statement)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean answers(JsonNode statement) {
        return hasAction(statement) && hasResource(statement) && hasConditions(statement);
    }

    private boolean hasAction(JsonNode statement) {
        JsonNode not = statement.get("NotAction");
        String written = (not == null ? statement.get("Action") : not).asString();
        String pattern = wildcards(written);
        return one.action().matches("(?i)" + pattern) == (not == null);
    }

    private boolean hasResource(JsonNode statement) {
        JsonNode not = statement.get("NotResource");
        String written = (not == null ? statement.get("Resource") : not).asString();
        Optional<String> pattern = fill(written, true);
        if (pattern.isEmpty()) {
            return not != null && isDeny(statement);
        }
        return Policies.KEY.matches(pattern.get()) == (not == null);
    }

    private boolean hasConditions(JsonNode statement) {
        JsonNode conditions = statement.get("Condition");
        if (conditions == null) {
            return true;
        }
        Map.Entry<String, JsonNode> line = conditions.properties().iterator().next();
        Map.Entry<String, JsonNode> test = line.getValue().properties().iterator().next();
        List<String> wanted = new ArrayList<>();
        (test.getValue().isArray() ? test.getValue() : List.of(test.getValue()))
                .forEach(value -> wanted.add(value.asString()));
        List<String> actual = one.context().getOrDefault(test.getKey(), List.of());
        return holds(line.getKey(), actual, wanted);
    }

    private boolean holds(String operator, List<String> actual, List<String> wanted) {
        if (operator.equals("Null")) {
            return wanted.contains(String.valueOf(actual.isEmpty()));
        }
        boolean all = operator.startsWith("ForAllValues:");
        boolean any = operator.startsWith("ForAnyValue:");
        String bare = operator.replaceAll("^For.*Values?:", "").replaceAll("IfExists$", "");
        boolean negated = bare.contains("Not");
        if (actual.isEmpty()) {
            return all || (!any && (negated || operator.endsWith("IfExists")));
        }
        String plain = bare.replace("Not", "");
        boolean every = all || (negated && !any);
        for (String value : actual) {
            boolean fits = false;
            for (String candidate : wanted) {
                fits |= fits(plain, value, candidate);
            }
            boolean satisfied = readable(plain, value) && fits != negated;
            if (satisfied != every) {
                return satisfied;
            }
        }
        return every;
    }

    private static boolean readable(String operator, String value) {
        return !operator.startsWith("Numeric") || value.matches("[0-9.]+");
    }

    private boolean fits(String operator, String actual, String wanted) {
        return switch (operator) {
            case "StringEquals" -> filled(wanted, actual, String::equals);
            case "StringEqualsIgnoreCase" -> filled(wanted, actual, String::equalsIgnoreCase);
            case "StringLike" -> fill(wanted, true).filter(actual::matches).isPresent();
            case "ArnLike", "ArnEquals" -> actual.matches(wildcards(wanted));
            case "Bool" -> actual.equals(wanted);
            case "IpAddress" -> inNetwork(actual, wanted);
            default -> compare(operator, actual, wanted);
        };
    }

    private boolean filled(String wanted, String actual, BiPredicate<String, String> same) {
        return fill(wanted, false).filter(text -> same.test(text, actual)).isPresent();
    }

    private static boolean compare(String operator, String actual, String wanted) {
        boolean numeric = operator.startsWith("Numeric");
        if (numeric && !readable(operator, actual)) {
            return false;
        }
        int sign =
                numeric
                        ? new BigDecimal(actual).compareTo(new BigDecimal(wanted))
                        : instant(actual).compareTo(instant(wanted));
        return switch (operator.replaceAll("^(Numeric|Date)", "")) {
            case "Equals" -> sign == 0;
            case "LessThan" -> sign < 0;
            case "LessThanEquals" -> sign <= 0;
            case "GreaterThan" -> sign > 0;
            default -> sign >= 0;
        };
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    /** Of the few addresses that cases have. */
    private static boolean inNetwork(String actual, String network) {
        return switch (network) {
            case "203.0.113.0/24" -> actual.startsWith("203.0.113.");
            case "10.0.0.1/32" -> actual.equals("10.0.0.1");
            default -> actual.startsWith("2001:db8:");
        };
    }

    /** With each variable's value; as a regular expression if wildcards count. */
    private Optional<String> fill(String written, boolean wildcards) {
        StringBuilder text = new StringBuilder();
        Matcher variable = VARIABLE.matcher(written);
        int from = 0;
        while (variable.find()) {
            text.append(literal(written.substring(from, variable.start()), wildcards));
            String name = variable.group(1);
            List<String> values =
                    name.contains(":")
                            ? one.context().getOrDefault(name, List.of())
                            : List.of(name);
            if (values.size() != 1) {
                return Optional.empty();
            }
            text.append(wildcards ? Pattern.quote(values.getFirst()) : values.getFirst());
            from = variable.end();
        }
        return Optional.of(text.append(literal(written.substring(from), wildcards)).toString());
    }

    private static String literal(String text, boolean wildcards) {
        return wildcards ? wildcards(text) : text;
    }

    private static String wildcards(String text) {
        StringBuilder pattern = new StringBuilder();
        for (char c : text.toCharArray()) {
            pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return pattern.toString();
    }
}
