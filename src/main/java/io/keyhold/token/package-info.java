/**
 * The port to the place where key material lives. Nothing here or above it knows PKCS#11.
 *
 * <p>May use {@code key} and Bouncy Castle. Invariant: no material of a key ever crosses this port;
 * an operation either used exactly the backing key it was given, or failed. What needs no secret,
 * such as verifying a signature, is done here without a token.
 */
@NullMarked
package io.keyhold.token;

import org.jspecify.annotations.NullMarked;
