package io.keyhold.e2e;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.net.ssl.SSLException;

/** The client's side of TLS. */
final class Tls {

    private Tls() {}

    /** Trusts the home's CA and shows nothing. */
    static SslContextBuilder anonymous(Home home) {
        return GrpcSslContexts.forClient().trustManager(home.path("tls/ca.crt").toFile());
    }

    /** Shows the certificate NAME.crt with the key NAME.key, both in the home. */
    static SslContextBuilder as(Home home, String name) {
        return anonymous(home)
                .keyManager(home.path(name + ".crt").toFile(), home.path(name + ".key").toFile());
    }

    static NettyChannelBuilder channel(Daemon daemon, SslContextBuilder tls) {
        return NettyChannelBuilder.forAddress("127.0.0.1", daemon.port())
                .channelType(EpollSocketChannel.class)
                .sslContext(build(tls));
    }

    static SslContext build(SslContextBuilder tls) {
        try {
            return tls.build();
        } catch (SSLException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
