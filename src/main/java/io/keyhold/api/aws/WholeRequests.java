package io.keyhold.api.aws;

import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
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
                AwsReply.response(
                        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, protocol, body, id, false);
        ChannelFuture sent = context.writeAndFlush(response);
        log.debug("a request is too long: {}", sent.addListener(ChannelFutureListener.CLOSE));
    }
}
