package io.keyhold.policy;

import io.keyhold.policy.PrincipalPattern.Reach;

/**
 * A grant that allows what was asked.
 *
 * @param reach whether it names who asks, or their role
 */
public record GrantMatch(String id, Reach reach) {}
