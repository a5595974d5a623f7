package io.keyhold.bench;

import io.grpc.Channel;
import java.time.Duration;

/** A server process and the ways to it. */
record Target(ProcessHandle process, Channel tls, Channel unix, HttpConnections http) {

    /** That of gRPC on a way. */
    Channel channel(Way way) {
        return way == Way.TLS ? tls : unix;
    }

    long cpuNanos() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
}
