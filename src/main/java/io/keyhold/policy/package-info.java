/**
 * Whether a policy lets a caller do something: a pure function of the facts handed in.
 *
 * <p>May use {@code key} and the JSON parser; no I/O. Invariant: what is not allowed is denied.
 */
@NullMarked
package io.keyhold.policy;

import org.jspecify.annotations.NullMarked;
