/**
 * The ports to the metadata of keys and to identities. Nothing here or above it knows SQL.
 *
 * <p>May use {@code key} and {@code iam}. Invariant: when a method that changes something returns,
 * the change is durable; when it throws, nothing has changed.
 */
@NullMarked
package io.keyhold.store;

import org.jspecify.annotations.NullMarked;
