package io.keyhold.api.aws;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection that brings no whole request in time, however steadily it sends: a minute and a
 * half to wait for one to begin, and half a minute for it to be there.
 */
final class RequestDeadline extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(RequestDeadline.class);

    private static final Duration IDLE = Duration.ofSeconds(90);
    private static final Duration WHOLE = Duration.ofSeconds(30);

    private @Nullable Future<?> end;
    private boolean arriving;

    @Override
    public void channelActive(ChannelHandlerContext context) {
        within(IDLE, context);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (!arriving) {
            arriving = true;
            within(WHOLE, context);
        }
        context.fireChannelRead(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    /** A request is there: it takes as long as it takes. */
    void arrived() {
        cancel();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof AwsReply.Sent) {
            arriving = false;
            within(IDLE, context);
        }
        context.fireUserEventTriggered(event);
    }

    private void within(Duration time, ChannelHandlerContext context) {
        cancel();
        end = context.executor().schedule(() -> close(context), time.toSeconds(), TimeUnit.SECONDS);
    }

    private static void close(ChannelHandlerContext context) {
        ChannelFuture closed = context.close();
        log.debug("a connection is too slow and ends: {}", closed);
    }

    private void cancel() {
        if (end != null) {
            end.cancel(false);
        }
    }
}
