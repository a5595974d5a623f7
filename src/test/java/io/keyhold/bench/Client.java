package io.keyhold.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One event loop and connections on it; a channel is one. */
final class Client implements AutoCloseable {

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** The thread that every answer comes on. */
    EventLoop loop() {
        return loops.next();
    }

    /** TLS 1.3 on TCP, with the client certificate in a home's {@code tls} folder. */
    ManagedChannel tls(int port, Path tls) throws IOException {
        SslContext context =
                GrpcSslContexts.configure(
                                SslContextBuilder.forClient()
                                        .trustManager(tls.resolve("ca.crt").toFile())
                                        .keyManager(
                                                tls.resolve("client.crt").toFile(),
                                                tls.resolve("client.key").toFile()),
                                SslProvider.OPENSSL)
                        .protocols("TLSv1.3")
                        .build();
        return open(
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .channelType(EpollSocketChannel.class)
                        .sslContext(context));
    }

    /** Plaintext on a Unix socket. */
    ManagedChannel unix(Path socket) {
        return open(
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .overrideAuthority("localhost")
                        .usePlaintext());
    }

    /** HTTP on TCP, in plaintext. */
    HttpConnections http(int port) {
        return new HttpConnections(loop(), port);
    }

    private ManagedChannel open(NettyChannelBuilder builder) {
        ManagedChannel channel = builder.eventLoopGroup(loops).directExecutor().build();
        channels.add(channel);
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
