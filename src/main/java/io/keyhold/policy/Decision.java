package io.keyhold.policy;

import org.jspecify.annotations.Nullable;

/**
 * What policies and grants have decided.
 *
 * @param statement the one that decided, if one did
 * @param grantId of the grant that decided, else empty
 */
public record Decision(Reason reason, @Nullable Statement statement, String grantId) {

    /** A decision that no statement made. */
    public static Decision of(Reason reason) {
        return new Decision(reason, null, "");
    }

    static Decision allowedBy(String grantId) {
        return new Decision(Reason.ALLOWED, null, grantId);
    }

    public boolean allowed() {
        return reason == Reason.ALLOWED;
    }

    /** Why, in AWS's words. */
    public enum Reason {
        ALLOWED(""),
        DENY_RESOURCE_POLICY("with an explicit deny in a resource-based policy"),
        DENY_IDENTITY_POLICY("with an explicit deny in an identity-based policy"),
        DENY_BOUNDARY("with an explicit deny in a permissions boundary"),
        DENY_SESSION_POLICY("with an explicit deny in a session policy"),
        NO_RESOURCE_POLICY("because no resource-based policy allows the %s action"),
        NO_IDENTITY_POLICY("because no identity-based policy allows the %s action"),
        NO_BOUNDARY("because no permissions boundary allows the %s action"),
        NO_SESSION_POLICY("because no session policy allows the %s action"),
        NEVER_ACROSS_ACCOUNTS("because the %s action is for the key's own account only"),
        OPERATOR_ONLY(
                "because it is for the operator in person, on the Unix socket, and for nobody"
                        + " else");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** The end of an AccessDeniedException's message. */
        public String words(String action) {
            return words.formatted(action);
        }
    }
}
