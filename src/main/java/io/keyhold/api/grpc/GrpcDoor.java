package io.keyhold.api.grpc;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.keyhold.api.Pipeline;
import io.keyhold.api.Verbs;
import io.keyhold.api.tls.TlsFiles;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The two gRPC listeners: TLS on TCP, and the operator's Unix socket. */
public final class GrpcDoor implements AutoCloseable {

    /** Longer messages are refused before they are read; no request of any verb comes near. */
    private static final int LONGEST_MESSAGE = 1 << 20;

    /** Linux's sun_path has 108 bytes, with a zero at the end. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private static final int LONGEST_HEADERS = 16 << 10;
    private static final int CALLS_PER_CONNECTION = 1024;
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(8);

    /** How long calls that were sent before the end have to arrive. */
    private static final Duration ARRIVAL = Duration.ofSeconds(1);

    private static final long STEP_MILLIS = 20;
    private static final long QUIET_MILLIS = 50;

    private final AtomicInteger callsUnderWay = new AtomicInteger();
    private final EventLoopGroup eventLoops;
    private final HealthStatusManager health = new HealthStatusManager();
    private final List<ServerServiceDefinition> services;
    private final Server tcp;
    private final Server unix;
    private final Path socket;
    private @Nullable Future<?> watch;

    /**
     * Makes the listeners; {@link #open} starts them.
     *
     * @param region the region of a call that names none
     */
    public GrpcDoor(
            Pipeline pipeline,
            Verbs verbs,
            InstantSource clock,
            String region,
            GrpcSettings settings,
            TlsFiles tls)
            throws IOException {
        Rpcs rpcs = new Rpcs(pipeline, clock, region);
        this.services =
                verbs.services().stream()
                        .map(service -> rpcs.define(service, verbs.of(service)))
                        .toList();
        this.socket = settings.socket();
        this.eventLoops =
                new MultiThreadIoEventLoopGroup(settings.eventLoops(), EpollIoHandler.newFactory());
        this.tcp = tcp(settings, tls);
        this.unix = unix();
        serving(false);
    }

    /** Starts listening. Calls are answered, health says NOT_SERVING until {@link #watch}. */
    public void open() throws IOException {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            throw new IOException(
                    "%s is a path of %d bytes, a Unix socket may have %d: a shorter home helps"
                            .formatted(socket, length, LONGEST_SOCKET_PATH));
        }
        Files.deleteIfExists(socket);
        unix.start();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        tcp.start();
    }

    /** Says SERVING while the daemon can do its work; asked once a second. */
    public void watch(BooleanSupplier able) {
        serving(able.getAsBoolean());
        watch =
                eventLoops.scheduleWithFixedDelay(
                        () -> serving(able.getAsBoolean()), 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Says in health, as of a service of this name, what whoever watches over daemons should know.
     */
    public void announce(String name) {
        health.setStatus(name, ServingStatus.SERVING);
    }

    /** The port that TCP listens on. */
    public int port() {
        return tcp.getPort();
    }

    private void serving(boolean able) {
        ServingStatus status = able ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        services.forEach(
                service -> health.setStatus(service.getServiceDescriptor().getName(), status));
    }

    private Server tcp(GrpcSettings settings, TlsFiles tls) throws IOException {
        InetSocketAddress address = settings.listen();
        NettyServerBuilder builder =
                common(NettyServerBuilder.forAddress(address))
                        .channelType(EpollServerSocketChannel.class)
                        .sslContext(
                                GrpcSslContexts.configure(tls.mutual(), SslProvider.OPENSSL)
                                        .build())
                        .addTransportFilter(new TlsPeer());
        if (settings.reflection()) {
            reflection(builder);
        }
        return builder.build();
    }

    private Server unix() {
        NettyServerBuilder builder =
                common(
                                NettyServerBuilder.forAddress(
                                        new DomainSocketAddress(socket.toFile()),
                                        PeerCredentials.create()))
                        .channelType(EpollServerDomainSocketChannel.class);
        reflection(builder);
        return builder.build();
    }

    private NettyServerBuilder common(NettyServerBuilder builder) {
        return builder.bossEventLoopGroup(eventLoops)
                .workerEventLoopGroup(eventLoops)
                .directExecutor()
                .maxInboundMessageSize(LONGEST_MESSAGE)
                // Compressed requests are refused: they are small, and would be bombs at best.
                .decompressorRegistry(
                        DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .maxInboundMetadataSize(LONGEST_HEADERS)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .maxConnectionIdle(IDLE.toMinutes(), TimeUnit.MINUTES)
                .handshakeTimeout(HANDSHAKE.toSeconds(), TimeUnit.SECONDS)
                .addStreamTracerFactory(counting(callsUnderWay))
                .addServices(services)
                .addService(health.getHealthService());
    }

    /** The old name as well: grpcurl asked for that until its version 1.9. */
    @SuppressWarnings("deprecation")
    private static void reflection(NettyServerBuilder builder) {
        builder.addService(ProtoReflectionServiceV1.newInstance());
        builder.addService(io.grpc.protobuf.services.ProtoReflectionService.newInstance());
    }

    private static ServerStreamTracer.Factory counting(AtomicInteger calls) {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                calls.incrementAndGet();
                return new ServerStreamTracer() {
                    @Override
                    public void streamClosed(Status status) {
                        calls.decrementAndGet();
                    }
                };
            }
        };
    }

    /**
     * Takes no more calls, lets those under way finish, then closes every connection. Connections
     * without a call, or without even a handshake, are not waited for.
     */
    @Override
    public void close() {
        if (watch != null) {
            watch.cancel(false);
        }
        health.enterTerminalState();
        List<Server> servers = List.of(tcp, unix);
        servers.forEach(Server::shutdown);
        long begin = System.nanoTime();
        try {
            while (!servers.stream().allMatch(Server::isTerminated) && mayWait(begin)) {
                unix.awaitTermination(STEP_MILLIS, TimeUnit.MILLISECONDS);
                tcp.awaitTermination(STEP_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        servers.forEach(Server::shutdownNow);
        // Whoever has sent a reply may still have to add a listener to it.
        eventLoops
                .shutdownGracefully(QUIET_MILLIS, QUIET_MILLIS * 20, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }

    private boolean mayWait(long begin) {
        Duration most = callsUnderWay.get() == 0 ? ARRIVAL : DRAIN;
        return System.nanoTime() - begin < most.toNanos();
    }
}
