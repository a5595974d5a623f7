package io.keyhold.bench;

import io.grpc.Channel;
import java.time.Duration;

/** A server process and the two ways to it. */
record Target(ProcessHandle process, Channel tls, Channel unix) {

    Channel channel(boolean overTls) {
        return overTls ? tls : unix;
    }

    long cpuNanos() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
}
