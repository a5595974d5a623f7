package io.keyhold.policy;

import io.keyhold.key.Arn;

/**
 * Who asks, as policies see it.
 *
 * @param arn a session's is that of the session; a service's name stands for itself
 * @param account empty for a service
 * @param roleName the role's name without path, of a role and its sessions; else empty
 * @param uniqueId of the user or role behind it; empty if there is no record of it
 */
public record Subject(Kind kind, String arn, String account, String roleName, String uniqueId) {

    private static final String ROLE = "role/";
    private static final String SESSION = "assumed-role/";

    /** What kind of principal it is. */
    public enum Kind {
        ROOT,
        USER,
        /** A role, or a session of it. */
        ROLE,
        SERVICE
    }

    /** A service, such as {@code s3.amazonaws.com}. */
    public static Subject service(String name) {
        return new Subject(Kind.SERVICE, name, "", "", "");
    }

    /** A principal of an account. */
    public static Subject of(Arn principal, String uniqueId) {
        String resource = principal.resource();
        Kind kind =
                principal.isRoot()
                        ? Kind.ROOT
                        : resource.startsWith(ROLE) || resource.startsWith(SESSION)
                                ? Kind.ROLE
                                : Kind.USER;
        return new Subject(
                kind, principal.toString(), principal.account(), roleName(principal), uniqueId);
    }

    /** The name of the role that an ARN is about, without its path; empty if it is about none. */
    static String roleName(Arn principal) {
        String resource = principal.resource();
        if (resource.startsWith(SESSION)) {
            return resource.split("/", -1)[1];
        }
        return resource.startsWith(ROLE) ? resource.substring(resource.lastIndexOf('/') + 1) : "";
    }

    /** Whether an account's trust extends to it. */
    boolean isOf(String other) {
        return kind != Kind.SERVICE && account.equals(other);
    }
}
