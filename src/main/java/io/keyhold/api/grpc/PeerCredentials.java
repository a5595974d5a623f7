package io.keyhold.api.grpc;

import io.grpc.Attributes;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.keyhold.identity.Peer;
import io.keyhold.key.LocalProcess;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.AsciiString;
import java.io.IOException;

/** Plaintext on a Unix socket, with the peer's user as the kernel reports it (SO_PEERCRED). */
final class PeerCredentials implements InternalProtocolNegotiator.ProtocolNegotiator {

    private PeerCredentials() {}

    static ServerCredentials create() {
        return InternalNettyServerCredentials.create(new PeerCredentials());
    }

    @Override
    public AsciiString scheme() {
        return AsciiString.of("http");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        ChannelHandler grpcStart = InternalProtocolNegotiators.grpcNegotiationHandler(grpc);
        return InternalProtocolNegotiators.waitUntilActiveHandler(
                new AddPeer(grpcStart), grpc.getNegotiationLogger());
    }

    @Override
    public void close() {}

    /** Puts the peer among the connection's attributes, then steps aside. */
    private static final class AddPeer extends ChannelInboundHandlerAdapter {

        private final ChannelHandler next;

        private AddPeer(ChannelHandler next) {
            this.next = next;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event)
                throws IOException {
            if (!(event instanceof ProtocolNegotiationEvent negotiation)) {
                context.fireUserEventTriggered(event);
                return;
            }
            io.netty.channel.unix.PeerCredentials peer =
                    ((EpollDomainSocketChannel) context.channel()).peerCredentials();
            LocalProcess process = new LocalProcess(peer.uid(), peer.gids()[0], peer.pid());
            Attributes attributes =
                    InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
                            .set(Rpcs.PEER, new Peer.Unix(process))
                            .build();
            context.pipeline().replace(context.name(), null, next);
            context.fireUserEventTriggered(
                    InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes));
        }
    }
}
