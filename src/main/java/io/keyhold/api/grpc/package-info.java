/**
 * The gRPC door: two listeners, TLS on TCP and a Unix socket for the operator, in front of the same
 * pipeline.
 *
 * <p>May use every room below, {@code api} and {@code api.tls}; the only room that sees {@code
 * io.grpc} servers. Invariant: no event-loop thread waits for anything but a token in this process.
 */
@NullMarked
package io.keyhold.api.grpc;

import org.jspecify.annotations.NullMarked;
