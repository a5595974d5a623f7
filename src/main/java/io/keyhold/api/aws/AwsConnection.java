package io.keyhold.api.aws;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: one request after the other, each answered before the next one is read. */
final class AwsConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger log = LoggerFactory.getLogger(AwsConnection.class);

    private final AwsCalls calls;
    private final RequestDeadline deadline;

    AwsConnection(AwsCalls calls, RequestDeadline deadline) {
        this.calls = calls;
        this.deadline = deadline;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        deadline.arrived();
        context.channel().config().setAutoRead(false);
        calls.take(context.channel(), request);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelFuture closed = context.close();
        log.debug("a connection ends: {}", closed, cause);
    }
}
