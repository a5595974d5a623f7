package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is no request of AWS's clients: each gets an answer or loses its connection, at once. */
final class AwsHttpIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CUT = 0;
    private static final int PATIENCE = (int) Duration.ofSeconds(20).toMillis();

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @Test
    void withoutASignatureNobodyComesIn() throws IOException {
        Answer answer = post("TrentService.ListKeys", "{}");

        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("MissingAuthenticationTokenException");
        assertThat(answer.head).contains("content-type: application/x-amz-json-1.1");
        assertThat(answer.head).containsPattern("x-amzn-requestid: [0-9a-f-]{36}");
        JsonNode event = one.home().journal().events().getLast();
        assertThat(event.path("eventName").asString()).isEqualTo("ListKeys");
        assertThat(event.path("errorCode").asString())
                .isEqualTo("MissingAuthenticationTokenException");
    }

    @Test
    void anOperationThatThereIsNotIsSaidToBeNone() throws IOException {
        for (String target :
                new String[] {"TrentService.Nothing", "ListKeys", "TrentService.CreateUser", ""}) {
            assertThat(post(target, "{}").type()).isEqualTo("UnknownOperationException");
        }
        String good = request("TrentService.ListKeys", "{}", "close");
        for (String bad :
                new String[] {good.replace("POST", "GET"), good.replace("POST / ", "POST /x ")}) {
            assertThat(raw(bad).type()).isEqualTo("UnknownOperationException");
        }
    }

    /** Or its connection is cut, if more of it was under way. */
    @Test
    void whatIsNoHttpIsToldSo() throws IOException {
        for (String bad :
                new String[] {
                    "\u0001\u0002 nonsense\r\n\r\n",
                    "POST / HTTP/1.1\r\nX: " + "y".repeat(64 << 10) + "\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                            + "Content-Length: 99999999\r\n\r\n"
                }) {
            assertThat(raw(bad).status).isIn(400, 413, CUT);
        }
        assertThat(post("TrentService.ListKeys", "{}").status).isEqualTo(400);
    }

    @Test
    void requestsOnOneConnectionAreAnsweredInTheirOrder() throws IOException {
        String one = request("TrentService.ListKeys", "{}", "keep-alive");
        String other = request("TrentService.Nothing", "{}", "close");
        String answers = exchange(one + one + other);

        assertThat(answers.split("__type", -1)).hasSize(4);
        assertThat(answers.indexOf("UnknownOperation"))
                .isGreaterThan(answers.lastIndexOf("MissingAuthenticationToken"));
    }

    private static Answer post(String target, String body) throws IOException {
        return raw(request(target, body, "close"));
    }

    private static String request(String target, String body, String connection) {
        return """
        POST / HTTP/1.1\r
        Host: 127.0.0.1\r
        X-Amz-Target: %s\r
        Content-Length: %d\r
        Connection: %s\r
        \r
        %s"""
                .formatted(target, body.length(), connection, body);
    }

    private static Answer raw(String bytes) throws IOException {
        String answer = exchange(bytes);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(CUT, "", "");
        }
        return new Answer(
                Integer.parseInt(answer.split(" ", 3)[1]),
                answer.substring(0, end).toLowerCase(Locale.ROOT),
                answer.substring(end + 4));
    }

    /** Sends, and reads one answer, or all until the connection ends. */
    private static String exchange(String bytes) throws IOException {
        try (Socket socket =
                new Socket(
                        InetAddress.getLoopbackAddress(), one.daemon().awsEndpoint().getPort())) {
            socket.setSoTimeout(PATIENCE);
            OutputStream out = socket.getOutputStream();
            out.write(bytes.getBytes(US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), US_ASCII);
        } catch (SocketException e) {
            return "";
        }
    }

    private record Answer(int status, String head, String body) {

        String type() {
            return JSON.readTree(body).path("__type").asString();
        }
    }
}
