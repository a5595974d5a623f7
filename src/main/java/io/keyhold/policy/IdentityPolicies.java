package io.keyhold.policy;

import java.util.List;
import java.util.Optional;

/**
 * The policies that an account has given to one of its principals.
 *
 * @param attached inline and managed ones, of a user's groups too
 * @param boundary the most that they may allow, if that is limited
 * @param session the most that this session may do, if that is limited
 */
public record IdentityPolicies(
        List<Policy> attached, Optional<Policy> boundary, Optional<Policy> session) {

    /** Whatever somebody may have that is not to be looked at: it allows everything. */
    public static final IdentityPolicies UNSEEN = allowing("*", "the policies of another account");

    /** What a service has in the account that it owns: it manages keys there, and nobody else. */
    public static final IdentityPolicies OF_OWNER =
            allowing("kms:*", "what a service may in its own account");

    /** None at all. */
    public static final IdentityPolicies NONE =
            new IdentityPolicies(List.of(), Optional.empty(), Optional.empty());

    private static IdentityPolicies allowing(String action, String origin) {
        String document =
                """
                {"Version": "2012-10-17", "Statement":
                 {"Effect": "Allow", "Action": "%s", "Resource": "*"}}
                """
                        .formatted(action);
        return new IdentityPolicies(
                List.of(PolicyParser.ofIdentity(document, origin)),
                Optional.empty(),
                Optional.empty());
    }

    /** The same, in a session. */
    public IdentityPolicies narrowedTo(Optional<Policy> sessionPolicy) {
        return new IdentityPolicies(attached, boundary, sessionPolicy);
    }
}
