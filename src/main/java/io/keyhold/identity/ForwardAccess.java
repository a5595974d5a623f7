package io.keyhold.identity;

import java.util.Set;

/**
 * What a principal gave to a service, to act for it.
 *
 * @param session whose rights these are, and how long; its secret is empty
 * @param service the principal of the service
 * @param region where
 * @param actions what the service may do
 */
public record ForwardAccess(Session session, String service, String region, Set<String> actions) {

    public ForwardAccess {
        actions = Set.copyOf(actions);
    }
}
