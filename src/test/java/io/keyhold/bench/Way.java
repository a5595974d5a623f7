package io.keyhold.bench;

import java.util.List;

/** How a client reaches a server, with how many calls in flight. */
enum Way {
    /** What is measured without a server. */
    NONE,

    /** gRPC by TLS 1.3 on TCP, one connection. */
    TLS(1, 16, 64, 256),

    /** gRPC on a Unix socket, one connection. */
    UNIX(1, 16, 64, 256),

    /** HTTP/1.1 on TCP, which has a connection for each call in flight. */
    HTTP(1, 16, 64);

    private final List<Integer> inflight;

    Way(Integer... inflight) {
        this.inflight = List.of(inflight);
    }

    List<Integer> inflight() {
        return inflight;
    }

    int most() {
        return inflight.getLast();
    }
}
