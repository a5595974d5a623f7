package io.keyhold.iam;

import java.util.Map;

/**
 * What only a role has.
 *
 * @param trust the document that says who may assume it
 * @param uniqueIds of the users and roles that the document named when it was given, by their ARN
 * @param maxSessionSeconds how long a session may last
 */
public record RoleTerms(
        String trust, Map<String, String> uniqueIds, String description, int maxSessionSeconds) {

    private static final int MOST_TRUST = 2048;

    public RoleTerms {
        uniqueIds = Map.copyOf(uniqueIds);
        PolicyText.requireSize(trust, MOST_TRUST, "ACLSizePerRole");
    }

    /** With another trust policy. */
    public RoleTerms trusting(String document, Map<String, String> bound) {
        return new RoleTerms(document, bound, description, maxSessionSeconds);
    }
}
