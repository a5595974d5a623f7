package io.keyhold.objects;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * TLS 1.3 with certificates on both sides, by the files of a home.
 *
 * @param folder {@code tls} in the home
 */
record TlsFiles(Path folder) {

    /** For a server, which shows this machine's certificate. */
    SslContext server() throws IOException {
        return context(
                SslContextBuilder.forServer(file("server.crt"), file("server.key"))
                        .clientAuth(ClientAuth.REQUIRE));
    }

    /** A connection to a server here, as whoever a certificate names. */
    ManagedChannel connect(int port, String certificate) throws IOException {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(
                        context(
                                SslContextBuilder.forClient()
                                        .keyManager(
                                                file(certificate + ".crt"),
                                                file(certificate + ".key"))))
                .build();
    }

    private SslContext context(SslContextBuilder builder) throws IOException {
        return GrpcSslContexts.configure(builder.trustManager(file("ca.crt")), SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .build();
    }

    private File file(String name) {
        return folder.resolve(name).toFile();
    }
}
