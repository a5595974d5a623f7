/**
 * The policy of a key.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.policies;

import org.jspecify.annotations.NullMarked;
