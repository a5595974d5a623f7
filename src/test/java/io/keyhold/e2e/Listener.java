package io.keyhold.e2e;

import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;

/** The two ways into the daemon. */
enum Listener {
    /** The operator's Unix socket. */
    UNIX {
        @Override
        NettyChannelBuilder channel(Daemon daemon) {
            return NettyChannelBuilder.forAddress(
                            new DomainSocketAddress(daemon.home().socket().toFile()))
                    .channelType(EpollDomainSocketChannel.class)
                    .overrideAuthority("localhost")
                    .usePlaintext();
        }
    },

    /** TCP with mTLS, as the home's own client. */
    TLS {
        @Override
        NettyChannelBuilder channel(Daemon daemon) {
            return Tls.channel(daemon, Tls.as(daemon.home(), "tls/client"));
        }
    };

    /** For tests that change something about the channel. */
    abstract NettyChannelBuilder channel(Daemon daemon);

    Client connect(Daemon daemon) {
        return new Client(channel(daemon));
    }
}
