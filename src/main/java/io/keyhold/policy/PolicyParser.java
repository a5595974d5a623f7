package io.keyhold.policy;

import io.keyhold.key.KmsFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads policy documents strictly: what is not in the grammar is refused, with its place in the
 * document.
 *
 * @see "IAM User Guide, Grammar of the IAM JSON policy language; AWS KMS Developer Guide, Key
 *     policies in AWS KMS"
 */
public final class PolicyParser {

    private static final Set<String> ELEMENTS = Set.of("Version", "Id", "Statement");
    private static final String WITH_VARIABLES = "2012-10-17";
    private static final Set<String> VERSIONS = Set.of(WITH_VARIABLES, "2008-10-17");

    private PolicyParser() {}

    /**
     * The policy of a key.
     *
     * @param uniqueIds of the users and roles that it was bound to, by their ARN
     * @throws KmsFault MalformedPolicyDocumentException naming the place in the document
     */
    public static Policy ofKey(String document, Map<String, String> uniqueIds) {
        return parse(document, "the key policy", PolicyDialect.KEY, uniqueIds);
    }

    /**
     * A policy of a user, group, role or session.
     *
     * @param name what it is called in an explanation
     * @throws KmsFault MalformedPolicyDocumentException
     */
    public static Policy ofIdentity(String document, String name) {
        return parse(document, name, PolicyDialect.IDENTITY, Map.of());
    }

    /**
     * A role's trust policy.
     *
     * @throws KmsFault MalformedPolicyDocumentException
     */
    public static Policy ofTrust(String document, Map<String, String> uniqueIds) {
        return parse(document, "the role's trust policy", PolicyDialect.TRUST, uniqueIds);
    }

    private static Policy parse(
            String document, String name, PolicyDialect dialect, Map<String, String> uniqueIds) {
        Node root = PolicyJson.read(document);
        Map<String, Node> elements = Elements.members(root);
        for (Map.Entry<String, Node> element : elements.entrySet()) {
            if (!ELEMENTS.contains(element.getKey())) {
                throw Malformed.at(
                        element.getValue(),
                        "there is no such element; a policy has Version, Id and Statement");
            }
        }
        boolean variables = false;
        Node version = elements.get("Version");
        if (version != null) {
            String text = Elements.text(version);
            if (!VERSIONS.contains(text)) {
                throw Malformed.at(version, "it must be 2012-10-17 or 2008-10-17");
            }
            variables = text.equals(WITH_VARIABLES);
        }
        Node id = elements.get("Id");
        if (id != null) {
            Elements.text(id);
        }
        Node statement = elements.get("Statement");
        if (statement == null) {
            throw Malformed.at(root, "Statement is missing");
        }
        StatementParser parser = new StatementParser(dialect, name, variables, uniqueIds);
        return new Policy(statements(parser, Elements.oneOrMore(statement)));
    }

    private static List<Statement> statements(StatementParser parser, List<Node> nodes) {
        List<Statement> statements = new ArrayList<>();
        Set<String> sids = new HashSet<>();
        for (Node node : nodes) {
            Statement statement = parser.parse(node, statements.size());
            if (!statement.sid().isEmpty() && !sids.add(statement.sid())) {
                throw Malformed.at(node, "the Sid '%s' stands twice", statement.sid());
            }
            statements.add(statement);
        }
        return List.copyOf(statements);
    }
}
