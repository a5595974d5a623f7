package io.keyhold.bench;

import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the transport alone can do: {@link Echo} behind the same two listeners as the daemon's, with
 * the same settings as in its GrpcDoor and TlsFiles, and {@link HttpEcho}. Keep them alike.
 */
public final class EchoServer {

    private static final int LONGEST_MESSAGE = 1 << 20;
    private static final int LONGEST_HEADERS = 16 << 10;
    private static final int CALLS_PER_CONNECTION = 1024;

    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());

    private EchoServer() {}

    /**
     * Serves until it is killed.
     *
     * @param arguments the folder with the TLS files, the path of the Unix socket
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EchoServer echo = new EchoServer();
        Server tcp = echo.tcp(Path.of(arguments[0])).start();
        echo.unix(Path.of(arguments[1])).start();
        System.out.println("HTTP on port " + HttpEcho.start(echo.eventLoops));
        System.out.println("ready on port " + tcp.getPort());
        tcp.awaitTermination();
    }

    private Server tcp(Path tls) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress("127.0.0.1", 0);
        return common(NettyServerBuilder.forAddress(anyPort))
                .channelType(EpollServerSocketChannel.class)
                .sslContext(sslContext(tls))
                .build();
    }

    private Server unix(Path socket) {
        DomainSocketAddress address = new DomainSocketAddress(socket.toFile());
        return common(NettyServerBuilder.forAddress(address, InsecureServerCredentials.create()))
                .channelType(EpollServerDomainSocketChannel.class)
                .build();
    }

    private NettyServerBuilder common(NettyServerBuilder builder) {
        return builder.bossEventLoopGroup(eventLoops)
                .workerEventLoopGroup(eventLoops)
                .directExecutor()
                .maxInboundMessageSize(LONGEST_MESSAGE)
                .maxInboundMetadataSize(LONGEST_HEADERS)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .maxConnectionIdle(30, TimeUnit.MINUTES)
                .handshakeTimeout(10, TimeUnit.SECONDS)
                .addService(service());
    }

    private static SslContext sslContext(Path tls) throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forServer(
                                        tls.resolve("server.crt").toFile(),
                                        tls.resolve("server.key").toFile())
                                .trustManager(tls.resolve("ca.crt").toFile()),
                        SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(Echo.SERVICE)
                .addMethod(
                        Echo.METHOD,
                        (call, headers) -> {
                            call.request(2);
                            return new Answer(call);
                        })
                .build();
    }

    private static final class Answer extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> call;
        private byte @Nullable [] body;

        private Answer(ServerCall<byte[], byte[]> call) {
            this.call = call;
        }

        @Override
        public void onMessage(byte[] message) {
            body = message;
        }

        @Override
        public void onHalfClose() {
            call.sendHeaders(new Metadata());
            call.sendMessage(body == null ? new byte[0] : body);
            call.close(Status.OK, new Metadata());
        }
    }
}
