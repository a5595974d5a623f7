package io.keyhold.policy;

import java.util.List;

/** What is known of a request, for conditions and policy variables. */
@FunctionalInterface
public interface ContextKeys {

    /** The values of a key; none if the request has no such key. */
    List<String> values(ContextKey key);
}
