package io.keyhold.policy;

import io.keyhold.key.Arn;

/**
 * Who asks, as policies see it.
 *
 * @param arn a session's is that of the session; a service's name stands for itself
 * @param account of a service the one that it owns; empty if it has none
 * @param roleName the role's name without path, of a role and its sessions; else empty
 * @param uniqueId of the user or role behind it; empty if there is no record of it
 */
public record Subject(Kind kind, String arn, String account, String roleName, String uniqueId) {

    /** What kind of principal it is. */
    public enum Kind {
        ROOT,
        USER,
        /** A role, or a session of it. */
        ROLE,
        SERVICE
    }

    /**
     * A service, such as {@code s3.amazonaws.com}.
     *
     * @param account that it owns; empty if it has none
     */
    public static Subject service(String name, String account) {
        return new Subject(Kind.SERVICE, name, account, "", "");
    }

    /**
     * A principal of an account.
     *
     * @param uniqueId of the user or role behind it; empty if there is no record of it
     */
    public static Subject of(Arn principal, String uniqueId) {
        String roleName = principal.roleName();
        Kind kind = principal.isRoot() ? Kind.ROOT : roleName.isEmpty() ? Kind.USER : Kind.ROLE;
        return new Subject(kind, principal.toString(), principal.account(), roleName, uniqueId);
    }

    /** For an explanation. */
    String written() {
        return PrincipalPattern.bound(arn, uniqueId);
    }

    /** Whether an account's trust extends to it. */
    boolean isOf(String other) {
        return account.equals(other);
    }
}
