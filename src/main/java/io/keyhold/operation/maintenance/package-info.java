/**
 * Reconcile and adopt: what an operator does for token and metadata together.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.maintenance;

import org.jspecify.annotations.NullMarked;
