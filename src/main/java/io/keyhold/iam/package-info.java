/**
 * Accounts, and what they have of AWS IAM: users, groups, roles, managed policies and access keys,
 * with IAM's quotas.
 *
 * <p>May use {@code key} only. Invariant: every value here is immutable; a change answers another
 * value that keeps the quotas, or is refused.
 */
@NullMarked
package io.keyhold.iam;

import org.jspecify.annotations.NullMarked;
