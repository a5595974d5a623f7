package io.keyhold.access;

import io.keyhold.key.Principal;
import io.keyhold.policy.ContextKeys;

/**
 * A call that nobody makes.
 *
 * @param action such as {@code kms:Encrypt}
 * @param facts what is to be taken for true of it, before what is known
 */
public record Hypothesis(Principal principal, String action, ContextKeys facts) {}
