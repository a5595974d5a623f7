/**
 * The port to the place where key material lives. Nothing here or above it knows PKCS#11.
 *
 * <p>May use {@code key} only. Invariant: no material ever crosses this port; an operation either
 * used exactly the backing key it was given, or failed.
 */
@NullMarked
package io.keyhold.token;

import org.jspecify.annotations.NullMarked;
