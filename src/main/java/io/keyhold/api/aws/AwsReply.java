package io.keyhold.api.aws;

import com.google.protobuf.Message;
import io.keyhold.api.Reply;
import io.keyhold.key.KmsFault;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;

/** The answer to one HTTP request; its bytes are wiped when they are sent. */
final class AwsReply implements Reply {

    /** What a connection hears when an answer is on its way. */
    record Sent() {}

    private final Channel channel;
    private final Protocol protocol;
    private final String requestId;
    private final boolean keepAlive;
    private final InstantSource clock;
    private final AtomicInteger underWay;

    AwsReply(
            Channel channel,
            Protocol protocol,
            String requestId,
            boolean keepAlive,
            InstantSource clock,
            AtomicInteger underWay) {
        this.channel = channel;
        this.protocol = protocol;
        this.requestId = requestId;
        this.keepAlive = keepAlive;
        this.clock = clock;
        this.underWay = underWay;
    }

    @Override
    public void answer(Message message) {
        send(HttpResponseStatus.OK, protocol.answer(message, requestId));
    }

    @Override
    public void fault(KmsFault fault) {
        send(protocol.status(fault.name()), protocol.fault(fault, requestId));
    }

    private void send(HttpResponseStatus status, byte[] body) {
        FullHttpResponse response = response(status, protocol, body, requestId, keepAlive);
        response.headers()
                .set(HttpHeaderNames.DATE, DateFormatter.format(Date.from(clock.instant())));
        ChannelFuture sent = channel.writeAndFlush(response).addListener(done -> end(body));
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
        sent.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** As every one is written. */
    static FullHttpResponse response(
            HttpResponseStatus status,
            Protocol protocol,
            byte[] body,
            String requestId,
            boolean keepAlive) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, protocol.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set("x-amzn-RequestId", requestId);
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }

    private void end(byte[] body) {
        Arrays.fill(body, (byte) 0);
        underWay.decrementAndGet();
        channel.pipeline().fireUserEventTriggered(new Sent());
        channel.config().setAutoRead(keepAlive);
    }
}
