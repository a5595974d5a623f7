package io.keyhold.api.grpc;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where the listeners are.
 *
 * @param listen address and port of TCP; port 0 means any that is free
 * @param reflection whether TCP offers reflection; the Unix socket always does
 * @param socket path of the Unix socket
 * @param eventLoops threads that move bytes, and run quick effects
 */
public record GrpcSettings(
        InetSocketAddress listen, boolean reflection, Path socket, int eventLoops) {}
