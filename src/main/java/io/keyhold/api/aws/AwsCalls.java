package io.keyhold.api.aws;

import io.keyhold.api.Pipeline;
import io.keyhold.identity.Claims;
import io.keyhold.identity.Inbound;
import io.keyhold.identity.Peer;
import io.keyhold.identity.SignedRequest;
import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Sha256;
import io.keyhold.operation.Verb;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands HTTP requests to the pipeline, each with what its signature is about. */
final class AwsCalls {

    private static final String TARGET = "X-Amz-Target";
    private static final String USER_AGENT = "User-Agent";

    private final Pipeline pipeline;
    private final Map<String, Verb<?, ?>> byTarget;
    private final InstantSource clock;
    private final String region;
    private final AtomicInteger underWay;

    AwsCalls(
            Pipeline pipeline,
            Map<String, Verb<?, ?>> byTarget,
            InstantSource clock,
            String region,
            AtomicInteger underWay) {
        this.pipeline = pipeline;
        this.byTarget = Map.copyOf(byTarget);
        this.clock = clock;
        this.region = region;
        this.underWay = underWay;
    }

    void take(Channel channel, FullHttpRequest request) {
        underWay.incrementAndGet();
        String id = Bytes16.newName().toString();
        boolean isHttp = request.decoderResult().isSuccess();
        boolean keepAlive = isHttp && HttpUtil.isKeepAlive(request);
        AwsReply reply = new AwsReply(channel, id, keepAlive, underWay);
        Verb<?, ?> verb = byTarget.get(String.valueOf(request.headers().get(TARGET)));
        if (!isHttp) {
            reply.fault(
                    KmsFault.of(FaultName.SerializationException, "The request is no HTTP/1.1."));
        } else if (verb == null
                || !request.method().equals(HttpMethod.POST)
                || !request.uri().equals("/")) {
            reply.fault(
                    KmsFault.of(
                            FaultName.UnknownOperationException,
                            "Right would be POST / with %s: TrentService.<operation>.",
                            TARGET));
        } else {
            pipeline.run(verb, inbound(channel, request, id), new JsonReader(), reply);
        }
    }

    private Inbound<byte[]> inbound(Channel channel, FullHttpRequest request, String id) {
        byte[] body = ByteBufUtil.getBytes(request.content());
        SignedRequest signed = signed(request, body);
        return new Inbound<>(
                new Peer.Signer(signed),
                Claims.NONE,
                signed.region().orElse(region),
                body,
                id,
                address(channel),
                request.headers().get(USER_AGENT, ""),
                clock.instant());
    }

    private static SignedRequest signed(FullHttpRequest request, byte[] body) {
        HttpHeaders sent = request.headers();
        List<Map.Entry<String, String>> headers =
                sent.entries().stream()
                        .map(
                                header ->
                                        Map.entry(
                                                header.getKey().toLowerCase(Locale.ROOT),
                                                header.getValue()))
                        .toList();
        return new SignedRequest(
                request.method().name(), request.uri(), "", headers, Sha256.hex(body));
    }

    private static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "";
    }
}
