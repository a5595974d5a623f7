package io.keyhold.api.tls;

import io.grpc.netty.GrpcSslContexts;
import io.keyhold.testkit.Pki.Issued;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** One TLS handshake with the server that {@link TlsFiles} configures, without a network. */
final class Handshake {

    private static final int MOST_FLIGHTS = 20;

    private final EmbeddedChannel server;
    private final EmbeddedChannel client;
    private final SslHandler serverTls;
    private final SslHandler clientTls;

    private Handshake(SslContext forServer, SslContext forClient) {
        serverTls = forServer.newHandler(ByteBufAllocator.DEFAULT);
        clientTls = forClient.newHandler(ByteBufAllocator.DEFAULT, "localhost", 0);
        server = new EmbeddedChannel(serverTls);
        client = new EmbeddedChannel(clientTls);
    }

    /**
     * Shakes hands.
     *
     * @param who the client's certificate; null for none
     * @param trusted what the client believes about servers: an authority, or one certificate
     */
    static Outcome with(TlsFiles files, @Nullable Issued who, Path trusted, String protocol) {
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forClient()
                            .sslProvider(SslProvider.JDK)
                            .protocols(protocol)
                            .trustManager(trusted.toFile());
            if (who != null) {
                builder.keyManager(who.certificate().toFile(), who.key().toFile());
            }
            SslContext forServer =
                    GrpcSslContexts.configure(files.mutual(), SslProvider.OPENSSL).build();
            Handshake handshake = new Handshake(forServer, builder.build());
            try {
                return handshake.run();
            } finally {
                handshake.server.finishAndReleaseAll();
                handshake.client.finishAndReleaseAll();
                ReferenceCountUtil.release(forServer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Outcome run() throws SSLPeerUnverifiedException {
        for (int flight = 0; flight < MOST_FLIGHTS; flight++) {
            carry(client, server);
            carry(server, client);
        }
        Throwable failure = failure();
        if (failure != null) {
            return new Outcome(null, null, failure);
        }
        X509Certificate presented =
                (X509Certificate) clientTls.engine().getSession().getPeerCertificates()[0];
        return new Outcome(
                serverTls.engine().getSession().getProtocol(), presented.getSerialNumber(), null);
    }

    /** The server's opinion counts: a TLS 1.3 client is done before its certificate is read. */
    private @Nullable Throwable failure() {
        if (!serverTls.handshakeFuture().isDone()) {
            return new SSLException("the handshake did not end");
        }
        return serverTls.handshakeFuture().isSuccess()
                ? clientTls.handshakeFuture().cause()
                : serverTls.handshakeFuture().cause();
    }

    private static void carry(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            try {
                to.writeInbound(bytes);
            } catch (Exception e) {
                // The future of the handshake has it too.
            }
        }
    }

    /**
     * How it ended.
     *
     * @param server serial number of the certificate that the server showed
     * @param failure null if both ends are content
     */
    record Outcome(
            @Nullable String protocol, @Nullable BigInteger server, @Nullable Throwable failure) {}
}
