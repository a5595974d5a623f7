/**
 * What {@code scripts/bench} runs: an echo server with the daemon's transport, and the client that
 * measures it, the daemon and a C program on the daemon's token in turns.
 *
 * <p>May use the generated messages, gRPC and Netty; nothing of the daemon. Invariant: whatever is
 * compared with each other is measured in one run, in interleaved rounds.
 */
@NullMarked
package io.keyhold.bench;

import org.jspecify.annotations.NullMarked;
