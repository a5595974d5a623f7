/**
 * Friendly names of keys.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.aliases;

import org.jspecify.annotations.NullMarked;
