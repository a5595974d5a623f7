package io.keyhold.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.flow.FlowControlHandler;
import java.net.InetSocketAddress;
import java.util.Date;

/**
 * What HTTP alone can do: the codec of the daemon's AwsChannels, with the same settings, and an
 * answer with the headers and the length of AwsReply's. Keep them alike.
 */
final class HttpEcho extends ChannelInitializer<SocketChannel> {

    private static final int LONGEST_LINE = 20 << 10;
    private static final int LONGEST_HEADERS = 32 << 10;
    private static final int CHUNK = 8 << 10;
    private static final int LONGEST_BODY = 2 << 20;

    private HttpEcho() {}

    /** Starts one; the answer is its port. */
    static int start(EventLoopGroup eventLoops) throws InterruptedException {
        InetSocketAddress address =
                (InetSocketAddress)
                        new ServerBootstrap()
                                .group(eventLoops)
                                .channel(EpollServerSocketChannel.class)
                                .childHandler(new HttpEcho())
                                .bind("127.0.0.1", 0)
                                .sync()
                                .channel()
                                .localAddress();
        return address.getPort();
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(LONGEST_LINE, LONGEST_HEADERS, CHUNK),
                        new HttpObjectAggregator(LONGEST_BODY),
                        new FlowControlHandler(),
                        new Answer());
    }

    private static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            byte[] body = new byte[HttpEncrypt.ANSWER_BYTES];
            FullHttpResponse response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.OK,
                            Unpooled.wrappedBuffer(body));
            response.headers()
                    .set(HttpHeaderNames.DATE, DateFormatter.format(new Date()))
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/x-amz-json-1.1")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                    .set("x-amzn-RequestId", request.headers().get("amz-sdk-invocation-id"));
            context.writeAndFlush(response, context.voidPromise());
        }
    }
}
