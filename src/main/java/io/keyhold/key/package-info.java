/**
 * The nouns: key records, identifiers, specs and states, the caller, the encryption context,
 * faults.
 *
 * <p>May use the JDK only; does no I/O. Invariant: every value here is immutable and valid once
 * made, so that no other room checks it again.
 */
@NullMarked
package io.keyhold.key;

import org.jspecify.annotations.NullMarked;
