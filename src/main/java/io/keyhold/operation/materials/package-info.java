/**
 * Rotation: the backing keys behind a key.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.materials;

import org.jspecify.annotations.NullMarked;
