package io.keyhold.key;

import java.util.Map;

/**
 * A key's policy, and whom it meant when it was given.
 *
 * @param document JSON
 * @param uniqueIds of the users and roles that it named and that there was a record of, by their
 *     ARN
 */
public record KeyPolicy(String document, Map<String, String> uniqueIds) {

    public KeyPolicy {
        uniqueIds = Map.copyOf(uniqueIds);
    }

    /** A policy that names nobody that there is a record of. */
    public KeyPolicy(String document) {
        this(document, Map.of());
    }
}
