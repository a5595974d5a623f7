package io.keyhold.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keep-alive connections to one port, one for each request under way. All of it happens on the
 * client's event loop.
 */
final class HttpConnections {

    private static final int LONGEST_ANSWER = 1 << 20;

    private final Bootstrap bootstrap;

    /** The one that was used last is the first: no more are in use than requests at once. */
    private final Deque<Connection> idle = new ArrayDeque<>();

    HttpConnections(EventLoop loop, int port) {
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(EpollSocketChannel.class)
                        .remoteAddress("127.0.0.1", port);
    }

    /** Sends a request; exactly one of the two is told how it ends. */
    void send(ByteBuf request, Consumer<FullHttpResponse> answered, Calls.Failed failed) {
        Connection open = idle.poll();
        while (open != null && !open.isUsable()) { // servers close what is idle for long
            open = idle.poll();
        }
        Connection connection = open == null ? new Connection() : open;
        connection.answered = answered;
        connection.failed = failed;
        if (open == null) {
            connect(connection, request);
        } else {
            connection.send(request);
        }
    }

    private void connect(Connection connection, ByteBuf request) {
        bootstrap
                .clone()
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(
                                                new HttpResponseDecoder(),
                                                new HttpObjectAggregator(LONGEST_ANSWER),
                                                connection);
                            }
                        })
                .connect()
                .addListener(
                        (ChannelFuture connected) -> {
                            if (connected.isSuccess()) {
                                connection.send(request);
                            } else {
                                connection.fail(connected.cause());
                            }
                        });
    }

    private final class Connection extends SimpleChannelInboundHandler<FullHttpResponse> {

        private @Nullable Channel channel;
        private Consumer<FullHttpResponse> answered = answer -> {};
        private Calls.Failed failed = e -> {};

        private boolean isUsable() {
            return channel != null && channel.isActive();
        }

        private void send(ByteBuf request) {
            Channel to = Objects.requireNonNull(channel, "it is connected");
            to.writeAndFlush(request, to.voidPromise());
        }

        private void fail(Throwable e) {
            failed.because(e);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = context.channel();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            Consumer<FullHttpResponse> told = answered;
            failed = e -> {};
            idle.push(this);
            told.accept(answer);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(new IOException("the server closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
            context.close();
        }
    }
}
