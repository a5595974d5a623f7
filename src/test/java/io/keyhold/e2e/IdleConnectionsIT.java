package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R22: thousands of connections that do nothing take nothing from those that do. */
final class IdleConnectionsIT {

    private static final int WANTED = 2000;
    private static final int STRANGERS = 100;
    private static final int SPARE_DESCRIPTORS = 300;
    private static final int CALLS = 400;

    /** Both medians are a few milliseconds: less than this is noise of the machine. */
    private static final double NOISE_MILLIS = 20;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @Test
    void callsGoOnBesideIdleConnections() {
        int idle = Math.min(WANTED, descriptors() - SPARE_DESCRIPTORS);
        String key = one.client().createKey().getKeyId();
        double[] before = latencies(key);
        List<Wire> strangers = new ArrayList<>();
        for (int i = 0; i < STRANGERS; i++) {
            strangers.add(Wire.open(Listener.TLS, one.daemon()));
        }
        List<Wire> silent = new ArrayList<>();
        try (Connections connections = new Connections(idle / 2)) {
            for (int i = 0; i < idle / 2; i++) {
                silent.add(Wire.open(Listener.UNIX, one.daemon()));
            }
            connections.awaitReady();
            double[] during = latencies(key);
            System.out.printf(
                    "%d idle connections: Encrypt p50 %.2f -> %.2f ms, p99 %.2f -> %.2f ms%n",
                    idle,
                    percentile(before, 50),
                    percentile(during, 50),
                    percentile(before, 99),
                    percentile(during, 99));
            assertThat(percentile(during, 50))
                    .isLessThan(2 * percentile(before, 50) + NOISE_MILLIS);
            connections.assertReady();
            // Who does not even begin a TLS handshake is sent away.
            assertThat(strangers).allMatch(wire -> wire.awaitEnd() < 1000);
        } finally {
            silent.forEach(Wire::close);
            strangers.forEach(Wire::close);
        }
    }

    private static int descriptors() {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) Math.min(system.getMaxFileDescriptorCount(), Integer.MAX_VALUE);
    }

    /** Of one call after the other, in milliseconds, sorted. */
    private static double[] latencies(String key) {
        double[] millis = new double[CALLS];
        for (int i = -CALLS; i < CALLS; i++) {
            Client client = one.client(Listener.values()[Math.floorMod(i, 2)]);
            long start = System.nanoTime();
            client.encrypt(key, new byte[32], Map.of());
            if (i >= 0) { // the first ones only warm up
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        return millis;
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted[(sorted.length - 1) * percent / 100];
    }

    /** Connections over mTLS that are up and have no call. */
    private static final class Connections implements AutoCloseable {

        private final EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        private final List<ManagedChannel> channels = new ArrayList<>();

        Connections(int number) {
            SslContext tls = Tls.build(Tls.as(one.home(), "tls/client"));
            for (int i = 0; i < number; i++) {
                ManagedChannel channel =
                        NettyChannelBuilder.forAddress("127.0.0.1", one.daemon().port())
                                .channelType(EpollSocketChannel.class)
                                .eventLoopGroup(loop)
                                .directExecutor()
                                .sslContext(tls)
                                .build();
                channel.getState(true);
                channels.add(channel);
            }
        }

        void awaitReady() {
            await().atMost(Duration.ofMinutes(2)).untilAsserted(this::assertReady);
        }

        void assertReady() {
            assertThat(channels)
                    .allMatch(channel -> channel.getState(true) == ConnectivityState.READY);
        }

        @Override
        public void close() {
            channels.forEach(ManagedChannel::shutdownNow);
            loop.shutdownGracefully().awaitUninterruptibly();
        }
    }
}
