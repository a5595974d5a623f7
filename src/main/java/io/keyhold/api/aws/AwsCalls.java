package io.keyhold.api.aws;

import io.keyhold.api.Pipeline;
import io.keyhold.api.aws.Routes.Route;
import io.keyhold.identity.Claims;
import io.keyhold.identity.Inbound;
import io.keyhold.identity.Peer;
import io.keyhold.identity.SignedRequest;
import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands HTTP requests to the pipeline, each with what its signature is about. */
final class AwsCalls {

    private static final String IAM = "iam";

    private final Pipeline pipeline;
    private final Routes routes;
    private final InstantSource clock;
    private final AwsSettings settings;
    private final AtomicInteger underWay;

    AwsCalls(
            Pipeline pipeline,
            Routes routes,
            InstantSource clock,
            AwsSettings settings,
            AtomicInteger underWay) {
        this.pipeline = pipeline;
        this.routes = routes;
        this.clock = clock;
        this.settings = settings;
        this.underWay = underWay;
    }

    /** A request whose transfer encoding is still there has one that nobody took off. */
    void take(Channel channel, FullHttpRequest http) {
        underWay.incrementAndGet();
        AwsRequest request = AwsRequest.of(http);
        String id = Bytes16.newName().toString();
        boolean isHttp =
                http.decoderResult().isSuccess()
                        && !http.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
        boolean keepAlive = isHttp && HttpUtil.isKeepAlive(http);
        AwsReply reply =
                new AwsReply(channel, routes.protocol(request), id, keepAlive, clock, underWay);
        Route route;
        Inbound<byte[]> inbound;
        try {
            require(isHttp);
            if (settings.browsersKeptOut()) {
                Browsers.keepOut(request);
            }
            route = routes.of(request);
            inbound = inbound(channel, request, route, id);
        } catch (KmsFault e) {
            reply.fault(e);
            return;
        }
        pipeline.run(route.verb(), inbound, route.protocol().requests(), reply);
    }

    private static void require(boolean isHttp) {
        if (!isHttp) {
            throw KmsFault.of(FaultName.SerializationException, "The request is no HTTP/1.1.");
        }
    }

    private Inbound<byte[]> inbound(
            Channel channel, AwsRequest request, Route route, String requestId) {
        SignedRequest signed = request.signed(route.verb().service());
        String region = settings.region();
        return new Inbound<>(
                new Peer.Signer(signed, settings.tls().isPresent()),
                new Claims(Map.of(), request.headersOfKeyhold()),
                route.verb().service().equals(IAM) ? region : signed.region().orElse(region),
                route.body(),
                requestId,
                address(channel),
                request.header("User-Agent").orElse(""),
                clock.instant());
    }

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "";
    }
}
