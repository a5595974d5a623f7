package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** HTTP/2 by hand (RFC 9113), to send what no client library would. */
final class Http2 implements AutoCloseable {

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int FRAME_HEADER = 9;

    private final Wire wire;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();

    Http2(Wire wire) throws IOException {
        this.wire = wire;
        wire.write(PREFACE);
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** The headers of a gRPC call. */
    static Map<String, String> grpc(String method) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(":method", "POST");
        fields.put(":scheme", "http");
        fields.put(":path", "/" + method);
        fields.put(":authority", "localhost");
        fields.put("te", "trailers");
        fields.put("content-type", "application/grpc");
        return fields;
    }

    /** HEADERS, each field literal and without an index (RFC 7541, section 6.2.2). */
    void headers(int stream, Map<String, String> fields, boolean end) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        fields.forEach(
                (name, value) -> {
                    block.write(0);
                    block.write(name.length());
                    block.writeBytes(name.getBytes(US_ASCII));
                    block.write(value.length());
                    block.writeBytes(value.getBytes(US_ASCII));
                });
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block.toByteArray());
    }

    void data(int stream, byte[] bytes, boolean end) throws IOException {
        frame(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, new byte[4]);
    }

    /** A gRPC message: a flag, its length, its bytes. */
    static byte[] message(int compressed, int length, byte[] bytes) {
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) compressed)
                .putInt(length)
                .put(bytes)
                .array();
    }

    /** Any frame at all. */
    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + payload.length);
        frame.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        wire.write(frame.array());
    }

    /** How a stream ended: its last headers, or that it or the whole connection was broken off. */
    Map<String, String> end(int stream) throws IOException {
        Map<String, String> last = new LinkedHashMap<>();
        while (true) {
            ByteBuffer head;
            try {
                head = ByteBuffer.wrap(wire.read(FRAME_HEADER));
            } catch (EOFException | SocketException e) {
                last.put("connection", "closed");
                return last;
            }
            int length = (head.get() & 0xFF) << 16 | head.getShort() & 0xFFFF;
            int type = head.get();
            int flags = head.get();
            int id = head.getInt();
            byte[] payload = wire.read(length);
            if (type == HEADERS) {
                decode(id, payload).forEach(f -> last.put(f.getKey() + "", f.getValue() + ""));
            } else if (type == SETTINGS && (flags & ACK) == 0) {
                frame(SETTINGS, ACK, 0, new byte[0]);
            } else if (type == PING && (flags & ACK) == 0) {
                frame(PING, ACK, 0, payload);
            } else if (type == RST_STREAM && id == stream) {
                last.put("reset", Integer.toString(ByteBuffer.wrap(payload).getInt()));
                return last;
            } else if (type == GOAWAY) {
                last.put("goaway", Integer.toString(ByteBuffer.wrap(payload).getInt(4)));
            }
            boolean ends = (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0;
            if (ends && id == stream) {
                return last;
            }
        }
    }

    private Http2Headers decode(int stream, byte[] block) throws IOException {
        ByteBuf buffer = Unpooled.wrappedBuffer(block);
        try {
            return headers.decodeHeaders(stream, buffer);
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            buffer.release();
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
