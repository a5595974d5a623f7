/**
 * Create, describe, list and switch keys.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.keys;

import org.jspecify.annotations.NullMarked;
