/**
 * The two steps between a caller and an operation: resolve what a request names, decide whether the
 * caller may.
 *
 * <p>May use {@code key}, {@code envelope}, {@code iam}, {@code identity}, {@code policy} and
 * {@code keyring}. Invariant: an {@link io.keyhold.access.Authorized} exists only for a request
 * whose every need was allowed; it is the only thing that operations take.
 */
@NullMarked
package io.keyhold.access;

import org.jspecify.annotations.NullMarked;
