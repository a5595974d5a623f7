package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.SignedHttp.Answer;
import io.keyhold.testkit.Seeded;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R21, R22: whatever comes over HTTP, signed or not, is answered with the client's fault or an end
 * of the connection, and the daemon goes on.
 */
final class AwsHostileIT {

    private static final String GOOD =
            """
            {"KeyId": "alias/none", "Plaintext": "AAAA", "GrantTokens": ["a"], "DryRun": false,
             "EncryptionContext": {"a": "b"}, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}""";

    private static final String HEAD =
            "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: TrentService.ListKeys\r\n"
                    + "Connection: close\r\n";
    private static final int MUTANTS = 150;
    private static final int CONNECTIONS = 300;
    private static final int PIPELINED = 300;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static SignedHttp signed;

    @BeforeAll
    static void connect() {
        signed = new SignedHttp(AwsUser.create(one, "user", "kms:*"));
    }

    @AfterAll
    static void close() {
        signed.close();
    }

    /** Over gRPC they name another caller: ignored they would let this one in. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyhold-act-as",
                "Keyhold-Session-Token",
                "keyhold-source-account",
                "keyhold-on-behalf-of",
                "keyhold-forward-access",
                "keyhold-region",
            })
    void whatGrpcSaysOfACallerIsRefused(String header) {
        Answer answer = signed.post("ListKeys", "{}".getBytes(UTF_8), Map.of(header, "x"));
        assertThat(answer.type()).isEqualTo("UnrecognizedClientException");
        assertThat(answer.text())
                .contains(header.toLowerCase(Locale.ROOT) + " is refused: it means nothing here.");
    }

    @AfterEach
    void theDaemonGoesOn() {
        Answer answer = signed.post("ListKeys", "{}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource
    void signedBodies(byte[] body) {
        assertClientsFault(signed.post("Encrypt", body));
    }

    static List<byte[]> signedBodies() {
        List<byte[]> bodies = new ArrayList<>();
        for (String text :
                List.of(
                        "",
                        "\ufeff" + GOOD,
                        GOOD + GOOD,
                        "[".repeat(100_000),
                        "{\"KeyId\":".repeat(50_000),
                        GOOD.replace("\"a\"]", "\"a\"" + ",\"a\"".repeat(50_000) + "]"),
                        GOOD.replace("none", "x".repeat(300_000)),
                        GOOD.replace("\"b\"", "\"\\ud800\""),
                        GOOD.replace("false", "1e999999999"),
                        GOOD.replace("\"DryRun\"", "\"KeyId\""),
                        GOOD.replace("\"b\"}", "\"b\"" + many(20_000) + "}"))) {
            bodies.add(text.getBytes(UTF_8));
        }
        bodies.add(GOOD.getBytes(UTF_16));
        bodies.add(GOOD.replace("none", "\u00c0\u00af").getBytes(ISO_8859_1)); // overlong
        bodies.add(("{\"KeyId\": \"\u00ff\"}").getBytes(ISO_8859_1));
        return bodies;
    }

    private static String many(int entries) {
        StringBuilder more = new StringBuilder();
        for (int i = 0; i < entries; i++) {
            more.append(",\"").append(i).append("\":\"\"");
        }
        return more.toString();
    }

    @Test
    void signedBodiesThatAreAlmostGood() {
        Random random = Seeded.random("almost good JSON");
        for (int i = 0; i < MUTANTS; i++) {
            byte[] body = GOOD.getBytes(UTF_8);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            assertClientsFault(signed.post("Encrypt", body));
        }
    }

    private static void assertClientsFault(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.type())
                .isIn(
                        "SerializationException",
                        "ValidationException",
                        "NotFoundException",
                        "InvalidArnException",
                        "InvalidGrantTokenException",
                        "UnsupportedOperationException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "Content-Length: -2\r\n\r\n{}",
                "Content-Length: 2x\r\n\r\n{}",
                "Content-Length: 99999999999999999999\r\n\r\n{}",
                "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "Content-Length : 2\r\n\r\n{}",
                "A header without a colon\r\nContent-Length: 2\r\n\r\n{}",
                "Nul: \u0000\r\nContent-Length: 2\r\n\r\n{}",
                "Folded: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
                "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
                "Upgrade: h2c\r\nContent-Length: 2\r\n\r\n{}"
            })
    void framesThatAreTricks(String rest) throws IOException {
        assertThat(RawHttp.send(one.daemon(), HEAD + rest).status())
                .isIn(100, 400, 413, RawHttp.CUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n",
                "Transfer-Encoding: identity\r\n\r\n",
                "Transfer-Encoding: chunked;q=1\r\n\r\n"
            })
    void noRequestIsSmuggledInAnother(String frame) throws IOException {
        String inner = HEAD.replace("ListKeys", "Smuggled") + "Content-Length: 0\r\n\r\n";
        String outer = HEAD.replace("close", "keep-alive") + frame.formatted(inner.length());
        assertThat(RawHttp.exchange(one.daemon(), outer + inner))
                .doesNotContain("UnknownOperation");
    }

    @Test
    void whatIsTooMuchIsCutOff() throws IOException {
        String flood = HEAD + "X-Flood: y\r\n".repeat(10_000) + "\r\n";
        String line = HEAD.replace("/ ", "/?" + "a".repeat(100_000) + " ") + "\r\n";
        String body = HEAD + "Content-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000);
        for (String each : List.of(flood, line, body)) {
            assertThat(RawHttp.send(one.daemon(), each).status())
                    .isIn(400, 413, 414, 431, RawHttp.CUT);
        }
        RawHttp.Answer announced =
                RawHttp.send(one.daemon(), HEAD + "Content-Length: 1000000\r\n\r\n");
        assertThat(announced.status()).isEqualTo(413);
        assertThat(announced.type()).isEqualTo("ValidationException");
        assertThat(announced.head()).contains("x-amzn-requestid: ");
    }

    @Test
    void manyRequestsAtOnceOnOneConnection() throws IOException {
        String keep = HEAD.replace("close", "keep-alive") + "Content-Length: 2\r\n\r\n{}";
        String last = HEAD + "Content-Length: 2\r\n\r\n{}";
        String answers = RawHttp.exchange(one.daemon(), keep.repeat(PIPELINED) + last);
        assertThat(answers.split("MissingAuthenticationTokenException", -1)).hasSize(PIPELINED + 2);
    }

    @Test
    void connectionsThatSayNothingOrBreak() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket =
                        new Socket(
                                InetAddress.getLoopbackAddress(),
                                one.daemon().awsEndpoint().getPort());
                silent.add(socket);
                if (i % 2 == 0) {
                    socket.getOutputStream().write(HEAD.getBytes(UTF_8));
                }
                if (i % 3 == 0) {
                    socket.setSoLinger(true, 0); // its end is a reset
                    socket.close();
                }
            }
            theDaemonGoesOn();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
