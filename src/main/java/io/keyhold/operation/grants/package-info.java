/**
 * Grants: create, list, retire and revoke them.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.grants;

import org.jspecify.annotations.NullMarked;
