package io.keyhold.keyring;

import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Arn;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity policy that the store has, compiled. One that is no policy any more lets nobody do
 * anything, and nothing else from working.
 *
 * @param attached what it allows and denies whoever has it; if it cannot be read and may hold a
 *     deny, it denies everything
 * @param boundary the most that it allows where it is a boundary
 */
record StoredPolicy(Policy attached, Policy boundary) {

    private static final Logger log = LoggerFactory.getLogger(StoredPolicy.class);

    /** Of a policy that is not there, or cannot be read: it may have held a deny. */
    static final Policy DENY_ALL =
            PolicyParser.ofIdentity(
                    """
                    {"Version": "2012-10-17",
                     "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
                    """,
                    "a policy that cannot be read");

    /** Compiles a role's trust policy; by one that cannot be read nobody may assume it. */
    static Policy trust(Arn role, RoleTerms terms) {
        try {
            return PolicyParser.ofTrust(terms.trust(), terms.uniqueIds());
        } catch (KmsFault e) {
            log.error("nobody may assume {}: its stored trust policy: {}", role, e.text());
            return Policy.NOTHING;
        }
    }

    /**
     * Compiles a document.
     *
     * @param name what it is called in an explanation: whose policy it is, or which managed policy
     */
    static StoredPolicy of(String name, String document) {
        try {
            Policy policy = PolicyParser.ofIdentity(document, name);
            return new StoredPolicy(policy, policy);
        } catch (KmsFault e) {
            boolean mayDeny = document.contains("Deny") || document.contains("\\");
            log.error(
                    "{} {}: {}",
                    name,
                    mayDeny ? "cannot be read, and denies everything" : "cannot be read",
                    e.text());
            return new StoredPolicy(mayDeny ? DENY_ALL : Policy.NOTHING, Policy.NOTHING);
        }
    }
}
