/**
 * The only cache: every key, alias, grant and identity as an immutable snapshot, for reading.
 *
 * <p>May use {@code key}, {@code iam}, {@code policy} and {@code store}. Invariant: a snapshot is
 * published after its commit and before the reply that reports it, under its lock.
 */
@NullMarked
package io.keyhold.keyring;

import org.jspecify.annotations.NullMarked;
