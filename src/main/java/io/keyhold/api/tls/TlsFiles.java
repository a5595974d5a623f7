package io.keyhold.api.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import io.keyhold.identity.ClientCa;
import io.keyhold.identity.ClientCertificates;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
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

    /** Whoever connects must show a certificate. */
    public SslContextBuilder mutual() {
        return oneSided().trustManager(new ClientTrust(this)).clientAuth(ClientAuth.REQUIRE);
    }

    /** Whoever connects is known by what he sends. */
    public SslContextBuilder oneSided() {
        return SslContextBuilder.forServer(keyManager)
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3");
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
        try (InputStream certificate = Files.newInputStream(settings.certificate());
                InputStream privateKey = Files.newInputStream(settings.privateKey())) {
            X509Certificate[] chain = CertificateUtils.getX509Certificates(certificate);
            PrivateKey key = CertificateUtils.getPrivateKey(privateKey);
            if (chain.length == 0 || !fit(chain[0].getPublicKey(), key)) {
                throw new GeneralSecurityException("they are no pair");
            }
            keyManager.updateIdentityCredentials(chain, key);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    settings.certificate()
                            + " and "
                            + settings.privateKey()
                            + ": "
                            + e.getMessage(),
                    e);
        }
        return fresh;
    }

    /** The two are replaced one after the other, so a reload may see one new and one old. */
    private static boolean fit(PublicKey certified, PrivateKey key)
            throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        byte[] probe = {1};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(probe);
        return signature.verify(signed);
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
