/**
 * Tags on keys.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.tags;

import org.jspecify.annotations.NullMarked;
