package io.keyhold.api.grpc;

import com.google.protobuf.Message;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;

/**
 * Requests stay bytes until the pipeline parses them, so that a malformed one is answered and
 * recorded like any other.
 */
final class Bytes implements Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
        throw new UnsupportedOperationException("requests only come in");
    }

    @Override
    public byte[] parse(InputStream in) {
        try {
            if (in instanceof KnownLength) {
                byte[] bytes = new byte[in.available()];
                if (in.readNBytes(bytes, 0, bytes.length) == bytes.length) {
                    return bytes;
                }
                throw new IOException("the message ended early");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw Status.CANCELLED.withCause(e).asRuntimeException();
        }
    }

    /** Responses are messages already. */
    static Marshaller<Message> responses(Message prototype) {
        return ProtoUtils.marshaller(prototype);
    }
}
