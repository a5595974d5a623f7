package io.keyhold.config;

import io.keyhold.config.Config.Mapping;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code [[grpc.client_ca.mapping]]}. A rule that could never let anybody in is refused. */
final class Mappings {

    private static final Pattern SOMETHING = Pattern.compile(".+");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)\\}");
    private static final Pattern URI =
            Pattern.compile("spiffe://[a-z0-9._-]+(/([A-Za-z0-9._-]+|" + PLACEHOLDER + "))+");
    private static final Pattern SERVICE = Pattern.compile("Service:(?<name>\\S+)");
    private static final Pattern ARN =
            Pattern.compile(
                    "arn:(?<partition>[a-z-]+):"
                            + "(iam::(?<iam>[^:/]+):(root|(user|role)/[^:]+)"
                            + "|sts::(?<sts>[^:/]+):assumed-role/[^:/]+/[^:/]+)");
    private static final Pattern ROLE_PATH = Pattern.compile(":role/.*\\{.*/");

    private final String partition;
    private final List<String> accounts;
    private final List<String> services;

    Mappings(String partition, List<String> accounts, List<String> services) {
        this.partition = partition;
        this.accounts = accounts;
        this.services = services;
    }

    List<Mapping> read(Section authority) {
        List<Mapping> mappings = new ArrayList<>();
        for (Section section : authority.sections("mapping")) {
            try (Section mapping = section) {
                mappings.add(mapping(mapping));
            }
        }
        return mappings;
    }

    private Mapping mapping(Section section) {
        String uri = section.text("uri", SOMETHING, null);
        if (!URI.matcher(uri).matches()) {
            throw section.wrong(
                    "uri",
                    "is '" + uri + "'",
                    "spiffe://<trust domain>/<path>, each segment of the path a text or a"
                            + " {placeholder}");
        }
        String principal = section.text("principal", SOMETHING, null);
        requireKnown(section, names(uri), names(principal));
        requireAllowed(section, principal);
        return new Mapping(uri, principal);
    }

    private static void requireKnown(Section section, List<String> known, List<String> used) {
        Set<String> seen = new HashSet<>();
        for (String name : known) {
            if (!seen.add(name)) {
                throw section.wrong("uri", "has {" + name + "} twice", "each placeholder once");
            }
        }
        for (String name : used) {
            if (!seen.contains(name)) {
                throw section.wrong(
                        "principal", "uses {" + name + "}", "a placeholder that the uri has");
            }
        }
    }

    private void requireAllowed(Section section, String principal) {
        Matcher service = SERVICE.matcher(principal);
        if (service.matches()) {
            requireOneOf(section, service.group("name"), "services", services);
            return;
        }
        Matcher arn = ARN.matcher(principal);
        if (!arn.matches()) {
            throw section.wrong(
                    "principal",
                    "is '" + principal + "'",
                    "the ARN of a user, a role, a role session or a root, or Service:<name>");
        }
        if (ROLE_PATH.matcher(principal).find()) {
            throw section.wrong(
                    "principal",
                    "has a placeholder in the path of a role, which policies do not look at",
                    "one in the role's name");
        }
        requireOneOf(section, arn.group("partition"), "daemon.partition", List.of(partition));
        String account = arn.group("iam") == null ? arn.group("sts") : arn.group("iam");
        requireOneOf(section, account, "accounts", accounts);
    }

    /** What a placeholder stands for is looked at when a certificate comes. */
    private static void requireOneOf(
            Section section, String part, String setting, List<String> allowed) {
        if (!PLACEHOLDER.matcher(part).find() && !allowed.contains(part)) {
            throw section.wrong("principal", "names " + part, "of " + setting + " " + allowed);
        }
    }

    private static List<String> names(String template) {
        return PLACEHOLDER.matcher(template).results().map(found -> found.group(1)).toList();
    }
}
