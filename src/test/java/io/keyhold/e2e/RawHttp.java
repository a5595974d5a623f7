package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/** HTTP for AWS's clients as no client of theirs would write it. */
final class RawHttp {

    /** The status of what got no answer, but an end. */
    static final int CUT = 0;

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE = (int) Duration.ofSeconds(20).toMillis();

    private RawHttp() {}

    /** A request that nobody has signed. */
    static String request(String target, String body, String connection) {
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

    /** Sends bytes, each a character, and reads one answer. */
    static Answer send(Daemon daemon, String bytes) throws IOException {
        String answer = exchange(daemon, bytes);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Answer(CUT, "", "");
        }
        return new Answer(
                Integer.parseInt(answer.split(" ", 3)[1]),
                answer.substring(0, end).toLowerCase(Locale.ROOT),
                answer.substring(end + 4));
    }

    /** Sends bytes and reads all until the connection ends; nothing if it ends before. */
    static String exchange(Daemon daemon, String bytes) throws IOException {
        int port = daemon.awsEndpoint().getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE);
            OutputStream out = socket.getOutputStream();
            out.write(bytes.getBytes(ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException e) {
            return "";
        }
    }

    /**
     * An answer.
     *
     * @param head in lower case
     */
    record Answer(int status, String head, String body) {

        String type() {
            return JSON.readTree(body).path("__type").asString();
        }
    }
}
