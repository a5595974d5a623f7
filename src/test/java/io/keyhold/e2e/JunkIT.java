package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Seeded;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * R21, R22: bytes that are no HTTP/2, and HTTP/2 that is no gRPC. Where gRPC's own transport
 * answers, the status is gRPC's choice (INTERNAL for a broken frame, by its table of status codes);
 * what counts is that there is an end, that the daemon goes on and that its log stays clean.
 */
final class JunkIT {

    private static final String METHOD = Rpc.SERVICE + "/ListKeys";
    private static final byte[] EMPTY = Http2.message(0, 0, new byte[0]);
    private static final int FLOOD = 500;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @AfterEach
    void theDaemonGoesOn() {
        for (Listener listener : Listener.values()) {
            try (Client fresh = listener.connect(one.daemon())) {
                assertThat(fresh.createKey().getKeyId()).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatAreNoHttp2EndTheConnection(Listener listener) throws IOException {
        Random random = Seeded.random("junk");
        List<byte[]> junk = new ArrayList<>();
        junk.add("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        junk.add("POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello".getBytes(US_ASCII));
        junk.add("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".getBytes(US_ASCII));
        junk.add("quit\r\n".repeat(10).getBytes(US_ASCII));
        // The beginning of a TLS handshake that claims to be longer than it is.
        junk.add(HexFormat.of().parseHex("16030100050100000100" + "ff".repeat(40)));
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[64 + random.nextInt(4096)];
            random.nextBytes(noise);
            junk.add(noise);
        }
        if (listener == Listener.TLS) {
            junk.add(Http2.PREFACE); // good, if there were TLS below it
        }
        for (byte[] bytes : junk) {
            try (Wire wire = Wire.open(listener, one.daemon())) {
                wire.write(bytes);
                assertThat(wire.awaitEnd()).isLessThan(1000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatComesAndGoes(Listener listener) throws IOException {
        byte[] start = "PRI * HTTP/2.0\r\n".getBytes(US_ASCII);
        for (int i = 0; i < FLOOD; i++) {
            try (Wire wire = Wire.open(listener, one.daemon())) {
                wire.write(java.util.Arrays.copyOf(start, i % start.length));
            }
        }
    }

    @Test
    void aFloodOfResetConnections() throws IOException {
        for (int i = 0; i < FLOOD; i++) {
            try (Socket socket = new Socket("127.0.0.1", one.daemon().port())) {
                socket.setSoLinger(true, 0); // close() sends RST
                socket.getOutputStream().write(0x16);
            }
        }
    }

    @Test
    void aFloodOfResetStreams() throws IOException {
        try (Http2 http = connect()) {
            for (int i = 0; i < FLOOD; i++) {
                http.headers(2 * i + 1, Http2.grpc(METHOD), false);
                http.reset(2 * i + 1);
            }
            int last = 2 * FLOOD + 1;
            http.headers(last, Http2.grpc(METHOD), false);
            http.data(last, EMPTY, true);
            assertThat(http.end(last))
                    .containsAnyOf(
                            Map.entry("grpc-status", "0"), Map.entry("connection", "closed"));
        }
    }

    @Test
    void brokenMessageFrames() throws IOException {
        assertThat(call(Http2.grpc(METHOD), EMPTY)).containsEntry("grpc-status", "0");
        for (byte[] broken :
                new byte[][] {
                    Http2.message(0, 10, new byte[3]),
                    new byte[3],
                    Http2.message(1, 3, new byte[3]),
                    Http2.message(0x7E, 3, new byte[3]),
                    Http2.message(0, -1, new byte[3]),
                    Http2.message(0, Integer.MAX_VALUE, new byte[3]),
                    new byte[14]
                }) {
            assertThat(call(Http2.grpc(METHOD), broken))
                    .as(HexFormat.of().formatHex(broken))
                    .doesNotContainEntry("grpc-status", "0")
                    .doesNotContainEntry("grpc-status", "2");
        }
    }

    @Test
    void headersThatAreNoCall() throws IOException {
        for (Map.Entry<String, String> wrong :
                List.of(
                        Map.entry("content-type", "text/html"),
                        Map.entry(":method", "GET"),
                        Map.entry(":path", "nopath"),
                        Map.entry(":path", "/"),
                        Map.entry(":path", "//"),
                        Map.entry("te", "x"),
                        Map.entry("grpc-encoding", "snake-oil"),
                        Map.entry("grpc-timeout", "junk"),
                        Map.entry("grpc-timeout", "0n"),
                        Map.entry("connection", "keep-alive"),
                        Map.entry("x-bin", "!!!!"))) {
            Map<String, String> headers = Http2.grpc(METHOD);
            headers.put(wrong.getKey(), wrong.getValue());
            assertThat(call(headers, EMPTY))
                    .as(wrong.toString())
                    .doesNotContainEntry("grpc-status", "0")
                    .doesNotContainEntry("grpc-status", "2");
        }
    }

    @Test
    void framesThatBreakTheConnection() throws IOException {
        try (Http2 http = connect()) {
            http.data(0, new byte[3], true);
            assertThat(http.end(1)).containsEntry("goaway", "1").containsKey("connection");
        }
        try (Http2 http = connect()) {
            http.frame(1, 5, 1, HexFormat.of().parseHex("ffffffffffffff")); // no HPACK
            assertThat(http.end(1)).containsEntry("goaway", "9").containsKey("connection");
        }
        try (Http2 http = connect()) {
            http.frame(99, 0xFF, 1, new byte[3]); // must be ignored
            http.headers(1, Http2.grpc(METHOD), false);
            http.data(1, EMPTY, true);
            assertThat(http.end(1)).containsEntry("grpc-status", "0");
        }
    }

    private static Http2 connect() throws IOException {
        return new Http2(Wire.open(Listener.UNIX, one.daemon()));
    }

    private static Map<String, String> call(Map<String, String> headers, byte[] body)
            throws IOException {
        try (Http2 http = connect()) {
            http.headers(1, headers, false);
            http.data(1, body, true);
            return http.end(1);
        }
    }
}
