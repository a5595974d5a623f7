/**
 * Who is calling: a Unix peer or a TLS peer becomes a caller.
 *
 * <p>May use {@code key} only. Invariant: an {@link io.keyhold.identity.Authenticated} exists only
 * for a caller who proved who it is.
 */
@NullMarked
package io.keyhold.identity;

import org.jspecify.annotations.NullMarked;
