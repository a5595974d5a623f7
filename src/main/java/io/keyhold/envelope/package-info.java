/**
 * The ciphertext blob: its bytes, its header, what is authenticated with it.
 *
 * <p>May use {@code key} only; pure functions, no I/O. Invariant: a version, once released, parses
 * for ever, and two different blobs never have the same bytes.
 */
@NullMarked
package io.keyhold.envelope;

import org.jspecify.annotations.NullMarked;
