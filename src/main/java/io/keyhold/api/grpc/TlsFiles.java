package io.keyhold.api.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.keyhold.identity.ClientCa;
import io.keyhold.identity.ClientCertificates;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS files as they stand now. When one changes, new handshakes use the new ones; if they
 * cannot be read, the old ones stay.
 */
public final class TlsFiles implements Supplier<ClientCertificates> {

    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

    private final TlsSettings settings;
    private final AdvancedTlsX509KeyManager keyManager = new AdvancedTlsX509KeyManager();
    private volatile ClientCertificates clients;
    private Map<Path, Object> seen;

    /**
     * Reads the files.
     *
     * @throws IOException naming the one that cannot be used
     */
    public TlsFiles(TlsSettings settings) throws IOException {
        this.settings = settings;
        this.seen = stamps();
        this.clients = read();
    }

    /** The client authorities. */
    @Override
    public ClientCertificates get() {
        return clients;
    }

    /** TLS 1.3 with client certificates and nothing else. */
    SslContext sslContext() throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forServer(keyManager).trustManager(new ClientTrust(this)),
                        SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    }

    /** Takes in changed files. */
    public synchronized void reload() {
        try {
            Map<Path, Object> now = stamps();
            if (!now.equals(seen)) {
                clients = read();
                seen = now;
                log.info("the TLS files have changed and were read again");
            }
        } catch (IOException e) {
            log.error(
                    "the changed TLS files cannot be used; the old ones stay: {}", e.getMessage());
        }
    }

    private ClientCertificates read() throws IOException {
        ClientCertificates fresh =
                ClientCertificates.load(settings.partition(), settings.clientCas());
        try {
            keyManager.updateIdentityCredentials(
                    settings.certificate().toFile(), settings.privateKey().toFile());
        } catch (GeneralSecurityException e) {
            throw new IOException(settings.certificate() + " and its key: " + e.getMessage(), e);
        }
        return fresh;
    }

    private Map<Path, Object> stamps() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(settings.certificate());
        files.add(settings.privateKey());
        for (ClientCa ca : settings.clientCas()) {
            files.add(ca.certificate());
            ca.crl().ifPresent(files::add);
        }
        Map<Path, Object> stamps = new TreeMap<>();
        for (Path file : files) {
            stamps.put(file, Files.readAttributes(file, "unix:ino,size,lastModifiedTime"));
        }
        return stamps;
    }
}
