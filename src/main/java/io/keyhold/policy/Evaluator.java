package io.keyhold.policy;

import io.keyhold.key.Caller;

/**
 * Decides whether a caller may do something with what an account owns. Every key has AWS's default
 * key policy, and there are no IAM policies and no grants: so the owning account's root may do
 * everything, and nobody else anything.
 */
public final class Evaluator {

    /** Whether the owning account's policies allow the caller in. */
    public Decision decide(Caller caller, String owningAccount) {
        if (caller.isRootOf(owningAccount)) {
            return Decision.ALLOWED;
        }
        return caller.account().equals(owningAccount)
                ? Decision.NO_IDENTITY_POLICY
                : Decision.NO_RESOURCE_POLICY;
    }

    /** The outcome, with its reason in AWS's words. */
    public enum Decision {
        ALLOWED(""),
        NO_IDENTITY_POLICY("no identity-based policy allows the %s action"),
        NO_RESOURCE_POLICY("no resource-based policy allows the %s action");

        private final String reason;

        Decision(String reason) {
            this.reason = reason;
        }

        /** Why it was denied. */
        public String reason(String action) {
            return reason.formatted(action);
        }
    }
}
