package io.keyhold.api.aws;

import com.google.protobuf.Message;
import io.keyhold.api.Reply;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The answer to one HTTP request; its bytes are wiped when they are sent. */
final class AwsReply implements Reply {

    private static final String CONTENT_TYPE = "application/x-amz-json-1.1";

    private final Channel channel;
    private final String requestId;
    private final boolean keepAlive;
    private final AtomicInteger underWay;

    AwsReply(Channel channel, String requestId, boolean keepAlive, AtomicInteger underWay) {
        this.channel = channel;
        this.requestId = requestId;
        this.keepAlive = keepAlive;
        this.underWay = underWay;
    }

    @Override
    public void answer(Message message) {
        send(HttpResponseStatus.OK, JsonWriter.answer(message));
    }

    @Override
    public void fault(KmsFault fault) {
        send(status(fault.name()), JsonWriter.fault(fault));
    }

    /** The service says 400 to whatever the client did wrong, however its model says it. */
    private static HttpResponseStatus status(FaultName name) {
        return switch (name) {
            case KMSInternalException, KeyUnavailableException ->
                    HttpResponseStatus.INTERNAL_SERVER_ERROR;
            case DependencyTimeoutException -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    private void send(HttpResponseStatus status, byte[] body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, CONTENT_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set("x-amzn-RequestId", requestId);
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture sent = channel.writeAndFlush(response).addListener(done -> end(body));
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
        sent.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private void end(byte[] body) {
        Arrays.fill(body, (byte) 0);
        underWay.decrementAndGet();
        channel.config().setAutoRead(keepAlive);
    }
}
