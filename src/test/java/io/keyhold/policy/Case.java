package io.keyhold.policy;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A question and the policies that answer it, made by chance from few words, so that they often
 * meet.
 *
 * @param principal an ARN
 * @param context condition keys and their values
 * @param keyPolicy a document, as all these are
 * @param grants statements of a key policy that say the same as the grants
 */
record Case(
        String principal,
        String action,
        Map<String, List<String>> context,
        String keyPolicy,
        List<String> identityPolicies,
        Optional<String> boundary,
        Optional<String> session,
        List<String> grants) {

    private static final List<String> PRINCIPALS =
            List.of(
                    Policies.ROOT,
                    Policies.USER,
                    Policies.SESSION,
                    Policies.OTHER_USER,
                    Policies.OTHER_ROOT,
                    "arn:aws:sts::444455556666:assumed-role/Worker/one");
    private static final List<String> NAMED =
            List.of(
                    Policies.ROOT,
                    Policies.OWNER,
                    Policies.USER,
                    "arn:aws:iam::111122223333:role/Worker",
                    Policies.SESSION,
                    Policies.OTHER_ROOT,
                    Policies.OTHER_USER,
                    "arn:aws:iam::444455556666:role/Worker");
    private static final List<String> GRANTEES =
            NAMED.stream().filter(name -> name.startsWith("arn:")).toList();
    private static final List<String> ACTIONS =
            List.of("kms:Encrypt", "kms:Decrypt", "kms:*", "*", "kms:Enc*", "KMS:encrypt");
    private static final List<String> RESOURCES =
            List.of(
                    "*",
                    Policies.KEY,
                    "arn:aws:kms:*:111122223333:key/*",
                    "arn:aws:kms:us-east-1:111122223333:key/${aws:PrincipalTag/part}*",
                    "arn:aws:kms:us-east-1:111122223333:alias/*");
    private static final List<String> STRINGS =
            List.of("red", "Red", "blue", "r*", "?ed", "*", "${aws:PrincipalTag/team}", "${*}");
    private static final Map<String, List<String>> CONDITIONS =
            Map.of(
                    "String", List.of("aws:PrincipalTag/team", "kms:ViaService"),
                    "Numeric", List.of("aws:PrincipalTag/level"),
                    "Date", List.of("aws:CurrentTime"),
                    "Ip", List.of("aws:SourceIp"),
                    "Arn", List.of("aws:PrincipalArn"),
                    "Bool", List.of("aws:SecureTransport"),
                    "Set", List.of("kms:EncryptionContextKeys"));

    /** The question, for the evaluator. */
    Question question() {
        return Policies.question(
                principal,
                action,
                key ->
                        context.entrySet().stream()
                                .filter(entry -> ContextKey.of(entry.getKey()).equals(key))
                                .flatMap(entry -> entry.getValue().stream())
                                .toList());
    }

    /** The evaluator's answer. */
    Decision decide() {
        IdentityPolicies own =
                new IdentityPolicies(
                        identityPolicies.stream().map(Case::ofIdentity).toList(),
                        boundary.map(Case::ofIdentity),
                        session.map(Case::ofIdentity));
        Policy policy = PolicyParser.ofKey(keyPolicy, Map.of());
        GrantIndex index = new GrantIndex();
        grants.forEach(statement -> index.add(grant(statement)));
        KeyGrants ofKey = asked -> index.allowing(asked, terms -> true);
        return Evaluator.decide(question(), Policies.OWNER, policy, ofKey, own);
    }

    /** The same case for who knows nothing of grants. */
    Case withoutGrants() {
        return new Case(
                principal,
                action,
                context,
                keyPolicy,
                identityPolicies,
                boundary,
                session,
                List.of());
    }

    private static Grant grant(String statement) {
        Arn grantee =
                GRANTEES.stream()
                        .filter(name -> statement.contains("'" + name + "'"))
                        .flatMap(name -> Arn.parse(name).stream())
                        .findFirst()
                        .orElseThrow();
        GrantOperation operation =
                statement.contains("'kms:Encrypt'")
                        ? GrantOperation.Encrypt
                        : GrantOperation.Decrypt;
        Map<String, String> pairs = statement.contains("Condition") ? Map.of("App", "1") : Map.of();
        return Grant.of(
                Arn.parse(Policies.KEY).orElseThrow(),
                Instant.EPOCH,
                new GrantTerms(
                        "",
                        new BoundPrincipal(new Principal.OfAccount(grantee), ""),
                        Optional.empty(),
                        Set.of(operation),
                        new GrantConstraints(Map.of(), pairs, Optional.empty()),
                        Arn.root("aws", Policies.OWNER)));
    }

    private static List<String> grants(Random random) {
        List<String> grants = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String condition =
                    random.nextBoolean()
                            ? ""
                            : ", 'Condition': {'StringEquals': {'kms:EncryptionContext:app': '1'}}";
            grants.add(
                    "{'Effect': 'Allow', 'Principal': {'AWS': '%s'}, 'Action': '%s', 'Resource': '*'%s}"
                            .formatted(
                                    pick(random, GRANTEES),
                                    pick(random, List.of("kms:Encrypt", "kms:Decrypt")),
                                    condition));
        }
        return grants;
    }

    private static Policy ofIdentity(String document) {
        return PolicyParser.ofIdentity(document, "a policy");
    }

    static Case random(Random random) {
        String principal = pick(random, PRINCIPALS);
        Map<String, List<String>> context = context(random);
        context.put(
                "aws:PrincipalArn",
                List.of(
                        principal
                                .replace(":sts:", ":iam:")
                                .replace("assumed-role/Worker/one", "role/Worker")));
        return new Case(
                principal,
                pick(random, List.of("kms:Encrypt", "kms:Decrypt")),
                context,
                document(random, true),
                random.nextInt(3) == 0 ? List.of() : List.of(document(random, false)),
                random.nextInt(4) == 0 && !principal.endsWith(":root")
                        ? Optional.of(document(random, false))
                        : Optional.empty(),
                random.nextInt(4) == 0 && principal.contains(":assumed-role/")
                        ? Optional.of(document(random, false))
                        : Optional.empty(),
                grants(random));
    }

    private static Map<String, List<String>> context(Random random) {
        Map<String, List<String>> context = new TreeMap<>();
        maybe(random, context, "aws:PrincipalTag/team", List.of("red", "Red", "blue", "r*"));
        maybe(random, context, "aws:PrincipalTag/part", List.of("1234abcd-12ab", "x"));
        maybe(random, context, "aws:PrincipalTag/level", List.of("7", "10", "10.0", "many"));
        maybe(random, context, "kms:ViaService", List.of("red", "blue"));
        maybe(random, context, "aws:SourceIp", List.of("203.0.113.7", "10.0.0.1", "2001:db8::1"));
        maybe(random, context, "aws:SecureTransport", List.of("true", "false"));
        context.put(
                "aws:CurrentTime",
                List.of(pick(random, List.of("2026-01-31T12:00:00Z", "2025-01-01T00:00:00Z"))));
        if (random.nextInt(3) > 0) {
            context.put(
                    "kms:EncryptionContextKeys",
                    random.nextBoolean() ? List.of("app") : List.of("app", "red"));
            context.put("kms:EncryptionContext:app", List.of(pick(random, List.of("1", "2"))));
        }
        return context;
    }

    private static void maybe(
            Random random, Map<String, List<String>> context, String key, List<String> values) {
        if (random.nextInt(3) > 0) {
            context.put(key, List.of(pick(random, values)));
        }
    }

    private static String document(Random random, boolean ofKey) {
        List<String> statements = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            statements.add(statement(random, ofKey));
        }
        return Policies.document(statements.toArray(new String[0]));
    }

    private static String statement(Random random, boolean ofKey) {
        boolean deny = random.nextInt(4) == 0;
        StringBuilder text = new StringBuilder();
        text.append("{'Effect': '").append(deny ? "Deny" : "Allow").append("'");
        if (ofKey) {
            String principal = random.nextInt(6) == 0 ? "'*'" : Policies.aws(pick(random, NAMED));
            text.append(", 'Principal': ").append(principal);
        }
        text.append(random.nextInt(8) == 0 ? ", 'NotAction': '" : ", 'Action': '");
        text.append(pick(random, ACTIONS)).append("'");
        text.append(random.nextInt(8) == 0 ? ", 'NotResource': '" : ", 'Resource': '");
        text.append(ofKey ? "*" : pick(random, RESOURCES)).append("'");
        if (random.nextInt(2) == 0) {
            text.append(", 'Condition': {").append(condition(random)).append("}");
        }
        return text.append("}").toString();
    }

    private static String condition(Random random) {
        String kind = pick(random, CONDITIONS.keySet().stream().sorted().toList());
        String key = pick(random, CONDITIONS.get(kind));
        String operator = pick(random, operators(kind));
        String suffix = random.nextInt(4) == 0 ? "IfExists" : "";
        if (random.nextInt(10) == 0) {
            return "'Null': {'%s': '%s'}".formatted(key, random.nextBoolean());
        }
        String set =
                kind.equals("Set") ? pick(random, List.of("ForAllValues:", "ForAnyValue:")) : "";
        List<String> values = values(kind);
        String value = "'" + pick(random, values) + "'";
        if (random.nextInt(3) == 0) {
            value = "[" + value + ", '" + pick(random, values) + "']";
        }
        return "'%s%s%s': {'%s': %s}".formatted(set, operator, suffix, key, value);
    }

    private static List<String> operators(String kind) {
        return switch (kind) {
            case "String", "Set" ->
                    List.of(
                            "StringEquals",
                            "StringNotEquals",
                            "StringLike",
                            "StringNotLike",
                            "StringEqualsIgnoreCase",
                            "StringNotEqualsIgnoreCase");
            case "Numeric" ->
                    List.of(
                            "NumericEquals",
                            "NumericNotEquals",
                            "NumericLessThan",
                            "NumericGreaterThanEquals");
            case "Date" ->
                    List.of("DateEquals", "DateNotEquals", "DateLessThanEquals", "DateGreaterThan");
            case "Ip" -> List.of("IpAddress", "NotIpAddress");
            case "Arn" -> List.of("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals");
            default -> List.of("Bool");
        };
    }

    private static List<String> values(String kind) {
        return switch (kind) {
            case "String" -> STRINGS;
            case "Set" -> List.of("app", "red", "a*", "*");
            case "Numeric" -> List.of("7", "10");
            case "Date" -> List.of("2026-01-31T12:00:00Z", "2026-01-01T00:00:00Z");
            case "Ip" -> List.of("203.0.113.0/24", "10.0.0.1/32", "2001:db8::/32");
            case "Arn" -> List.of("arn:aws:iam::111122223333:*", "arn:*:iam::*:user/*");
            default -> List.of("true", "false");
        };
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
