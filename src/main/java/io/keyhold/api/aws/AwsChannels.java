package io.keyhold.api.aws;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.Optional;

/** Makes of each connection one that speaks HTTP/1.1, within limits of size and time. */
final class AwsChannels extends ChannelInitializer<SocketChannel> {

    private static final int LONGEST_LINE = 20 << 10; // a presigned one has a session token
    private static final int LONGEST_HEADERS = 32 << 10;
    private static final int CHUNK = 8 << 10;
    private static final int LONGEST_BODY = 512 << 10; // the longest good one has a tenth of it

    private static final int LONGEST_WRITE_SECONDS = 30; // to who does not read

    private final Optional<SslContext> tls;
    private final AwsCalls calls;
    private final ConnectionLimit limit = ConnectionLimit.ofThisMachine();

    AwsChannels(Optional<SslContext> tls, AwsCalls calls) {
        this.tls = tls;
        this.calls = calls;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        if (!limit.admits(channel)) {
            return;
        }
        ChannelPipeline pipeline = channel.pipeline();
        tls.ifPresent(context -> pipeline.addLast(context.newHandler(channel.alloc())));
        RequestDeadline deadline = new RequestDeadline();
        pipeline.addLast(
                new WriteTimeoutHandler(LONGEST_WRITE_SECONDS),
                deadline,
                new HttpServerCodec(LONGEST_LINE, LONGEST_HEADERS, CHUNK),
                new WholeRequests(LONGEST_BODY),
                new FlowControlHandler(),
                new AwsConnection(calls, deadline));
    }
}
