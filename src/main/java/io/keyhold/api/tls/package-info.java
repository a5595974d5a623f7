/**
 * The TLS of both doors: the server's certificate and the client authorities, as their files stand
 * now.
 *
 * <p>May use every room below and {@code api}. Invariant: nothing but TLS 1.3.
 */
@NullMarked
package io.keyhold.api.tls;

import org.jspecify.annotations.NullMarked;
