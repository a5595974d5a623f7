package io.keyhold.api.aws;

import io.keyhold.api.Pipeline;
import io.keyhold.api.Verbs;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The listener for AWS's clients: HTTP/1.1. */
public final class AwsDoor implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(8);
    private static final long STEP_MILLIS = 20;
    private static final long QUIET_MILLIS = 50;

    private final InetSocketAddress address;
    private final EventLoopGroup eventLoops;
    private final AtomicInteger callsUnderWay = new AtomicInteger();
    private final ServerBootstrap bootstrap;
    private @Nullable Channel listener;

    /**
     * Makes the listener; {@link #open} starts it.
     *
     * @param kms the service with the verbs of KMS, by its full name in {@code proto/}
     */
    public AwsDoor(
            Pipeline pipeline, Verbs verbs, String kms, InstantSource clock, AwsSettings settings)
            throws IOException {
        Optional<SslContext> tls =
                settings.tls().isPresent()
                        ? Optional.of(settings.tls().get().oneSided().build())
                        : Optional.empty();
        this.address = settings.listen();
        this.eventLoops =
                new MultiThreadIoEventLoopGroup(settings.eventLoops(), EpollIoHandler.newFactory());
        AwsCalls calls =
                new AwsCalls(pipeline, new Routes(verbs, kms), clock, settings, callsUnderWay);
        this.bootstrap =
                new ServerBootstrap()
                        .group(eventLoops)
                        .channel(EpollServerSocketChannel.class)
                        .childHandler(new AwsChannels(tls, calls));
    }

    /** Starts listening. */
    public void open() throws IOException {
        try {
            listener = bootstrap.bind(address).sync().channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (Exception e) { // netty throws what bind met, undeclared
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return listener != null && listener.localAddress() instanceof InetSocketAddress inet
                ? inet.getPort()
                : 0;
    }

    /** Takes no more connections, lets calls under way finish, then closes all. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        long begin = System.nanoTime();
        try {
            while (callsUnderWay.get() > 0 && System.nanoTime() - begin < DRAIN.toNanos()) {
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        eventLoops
                .shutdownGracefully(QUIET_MILLIS, QUIET_MILLIS * 20, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }
}
