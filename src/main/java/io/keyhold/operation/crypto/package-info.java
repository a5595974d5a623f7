/**
 * Encrypt, decrypt, re-encrypt, make data keys and random bytes: verbs that use material.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.crypto;

import org.jspecify.annotations.NullMarked;
