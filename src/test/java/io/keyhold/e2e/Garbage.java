package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Bytes that are no requests, sent all at once; each must get a good answer or a proper refusal.
 */
final class Garbage {

    private final Client client;
    private final List<Sent> sent = new ArrayList<>();

    Garbage(Client client) {
        this.client = client;
    }

    void send(MethodDescriptor<?, ?> rpc, byte[] body) {
        String method = rpc.getFullMethodName();
        sent.add(new Sent(method, body, client.begin(Raw.method(method), body)));
    }

    void assertAnswered() {
        for (Sent one : sent) {
            try {
                one.answer.get();
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .as(one.toString())
                        .isInstanceOf(StatusRuntimeException.class);
                StatusRuntimeException refused = (StatusRuntimeException) e.getCause();
                assertThat(refused.getStatus().getCode())
                        .as(one.toString())
                        .isNotIn(Status.Code.INTERNAL, Status.Code.UNKNOWN);
                Refusal.of(refused);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Changes, drops or doubles up to three bytes. */
    static byte[] damage(byte[] good, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int changes = 1 + random.nextInt(3);
        for (byte one : good) {
            if (changes > 0 && random.nextInt(good.length) < 3) {
                changes--;
                switch (random.nextInt(4)) {
                    case 0 -> out.write(random.nextInt());
                    case 1 -> out.write(one ^ 1 << random.nextInt(8));
                    case 2 -> out.writeBytes(new byte[] {one, one});
                    default -> {} // left out
                }
            } else {
                out.write(one);
            }
        }
        return out.toByteArray();
    }

    /** A field with a length, such as text, on the wire. */
    static byte[] field(int number, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        int length = content.length;
        while (length > 0x7F) {
            out.write(length & 0x7F | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private record Sent(String method, byte[] body, Future<byte[]> answer) {

        @Override
        public String toString() {
            return method + " " + HexFormat.of().formatHex(body);
        }
    }
}
