/**
 * What a verb is: its row, its effect. The verbs themselves are in the theme rooms below: one final
 * class a verb, or for verbs that are alike, and lists of their rows.
 *
 * <p>May use every room but the doors. Invariant: a handler takes an {@link
 * io.keyhold.access.Authorized} and knows nothing of DryRun, audit, quotas and transports.
 */
@NullMarked
package io.keyhold.operation;

import org.jspecify.annotations.NullMarked;
