package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R21: compressed messages: a bomb, bytes that are not compressed at all, an unknown encoding. */
final class CompressionIT {

    private static final int BOMB = 64 << 20;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void aBomb(Listener listener) {
        assertRefused(listener, new Codec.Gzip(), new byte[BOMB]);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotCompressed(Listener listener) {
        assertRefused(listener, new NotReally("gzip"), "no gzip at all".getBytes(UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownEncoding(Listener listener) {
        assertRefused(listener, new NotReally("snake-oil"), new byte[1]);
    }

    private static void assertRefused(Listener listener, Codec codec, byte[] body) {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(codec);
        try (Client client =
                new Client(listener.channel(one.daemon()).compressorRegistry(registry))) {
            StatusRuntimeException refused =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    ClientCalls.blockingUnaryCall(
                                            client.channel(),
                                            Raw.method(Rpc.ENCRYPT.getFullMethodName()),
                                            Client.patient()
                                                    .withCompression(codec.getMessageEncoding()),
                                            body));
            assertThat(refused.getStatus().getCode())
                    .as(refused.getMessage())
                    .isIn(
                            Status.Code.INVALID_ARGUMENT,
                            Status.Code.RESOURCE_EXHAUSTED,
                            Status.Code.UNIMPLEMENTED);
            assertThat(client.createKey().getKeyId()).isNotEmpty();
        }
    }

    /** Calls itself an encoding and sends what it is given. */
    private record NotReally(String getMessageEncoding) implements Codec {

        @Override
        public OutputStream compress(OutputStream out) {
            return out;
        }

        @Override
        public InputStream decompress(InputStream in) throws IOException {
            return in;
        }
    }
}
