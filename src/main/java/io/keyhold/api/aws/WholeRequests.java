package io.keyhold.api.aws;

import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts requests together from their pieces, up to a size. */
final class WholeRequests extends HttpObjectAggregator {

    private static final Logger log = LoggerFactory.getLogger(WholeRequests.class);

    private final int longest;

    WholeRequests(int longest) {
        super(longest);
        this.longest = longest;
    }

    /** Says so as every other fault is said; the rest of it is not waited for. */
    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        Protocol protocol = Routes.JSON;
        String id = Bytes16.newName().toString();
        byte[] body =
                protocol.fault(
                        KmsFault.of(
                                FaultName.ValidationException,
                                "The request has more than %d bytes.",
                                longest),
                        id);
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                        Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, protocol.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(AwsReply.REQUEST_ID, id);
        ChannelFuture sent = context.writeAndFlush(response);
        log.debug("a request is too long: {}", sent.addListener(ChannelFutureListener.CLOSE));
    }
}
