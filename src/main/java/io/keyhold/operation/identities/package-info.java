/**
 * Accounts, users, groups, roles, their policies and their credentials.
 *
 * <p>May use what {@code operation} may. Invariant: an effect is prepared without side effects.
 */
@NullMarked
package io.keyhold.operation.identities;

import org.jspecify.annotations.NullMarked;
