/**
 * Imported key material.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.imports;

import org.jspecify.annotations.NullMarked;
