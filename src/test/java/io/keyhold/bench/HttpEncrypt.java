package io.keyhold.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Encrypt over HTTP, and its echo: the requests are the same, and the answers as long. */
final class HttpEncrypt implements Calls {

    /** What Keyhold answers: any other length is a wrong answer. */
    static final int ANSWER_BYTES = 1597;

    private final HttpConnections connections;
    private final SignedEncrypts requests;

    HttpEncrypt(HttpConnections connections, SignedEncrypts requests) {
        this.connections = connections;
        this.requests = requests;
    }

    @Override
    public void start(long number, Runnable done, Failed failed) {
        connections.send(
                requests.request(number),
                answer -> {
                    if (isRight(answer)) {
                        done.run();
                    } else {
                        failed.because(wrong(answer));
                    }
                },
                failed);
    }

    private static boolean isRight(FullHttpResponse answer) {
        return answer.status().equals(HttpResponseStatus.OK)
                && answer.content().readableBytes() == ANSWER_BYTES;
    }

    private static Exception wrong(FullHttpResponse answer) {
        return new IllegalStateException(
                "it answered %s with %d bytes: %s"
                        .formatted(
                                answer.status(),
                                answer.content().readableBytes(),
                                answer.content().toString(UTF_8)));
    }
}
