package io.keyhold.identity;

import static io.keyhold.identity.CertificateNames.refused;

import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Verifies client certificates: a path to a known authority (RFC 5280, section 6), not revoked, for
 * client authentication, with exactly one URI, which names a principal that this authority may
 * name.
 */
public final class ClientCertificates {

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final int URI_NAME = 6;
    private final String partition;
    private final Map<X509Certificate, ClientCa> authorities;
    private final Map<ClientCa, List<CRL>> revocations;
    private final Object generation = new Object();

    private ClientCertificates(
            String partition,
            Map<X509Certificate, ClientCa> authorities,
            Map<ClientCa, List<CRL>> revocations) {
        this.partition = partition;
        this.authorities = authorities;
        this.revocations = revocations;
    }

    /**
     * Reads the authorities' files.
     *
     * @throws IOException naming the file that cannot be read
     */
    public static ClientCertificates load(String partition, List<ClientCa> authorities)
            throws IOException {
        Map<X509Certificate, ClientCa> byCertificate = new LinkedHashMap<>();
        Map<ClientCa, List<CRL>> revocations = new HashMap<>();
        for (ClientCa authority : authorities) {
            X509Certificate certificate = certificate(authority.certificate());
            requireOnce(certificate, byCertificate.keySet(), authority);
            byCertificate.put(certificate, authority);
            if (authority.crl().isPresent()) {
                revocations.put(authority, crls(authority.crl().get()));
            }
        }
        return new ClientCertificates(partition, byCertificate, revocations);
    }

    /** Else it would be chance which of two entries decides. */
    private static void requireOnce(
            X509Certificate certificate, Set<X509Certificate> others, ClientCa authority)
            throws IOException {
        for (X509Certificate other : others) {
            if (other.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())
                    && other.getPublicKey().equals(certificate.getPublicKey())) {
                throw new IOException(
                        authority.certificate()
                                + " is the same authority as an earlier client_ca: it may be"
                                + " listed once");
            }
        }
    }

    /** Changes when the files have been read anew. */
    Object generation() {
        return generation;
    }

    /** The authorities' own certificates, for the handshake to name. */
    public X509Certificate[] issuers() {
        return authorities.keySet().toArray(new X509Certificate[0]);
    }

    /**
     * Verifies a chain, leaf first.
     *
     * @throws KmsFault UnrecognizedClientException saying what is wrong with it
     */
    public Verified verify(List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            throw KmsFault.of(
                    FaultName.MissingAuthenticationTokenException,
                    "The connection has no client certificate.");
        }
        X509Certificate leaf = chain.getFirst();
        ClientCa authority = requirePath(chain);
        Principal principal = CertificateNames.principal(uri(leaf), authority, partition);
        return new Verified(
                new Caller(principal, Authentication.TLS_CERTIFICATE),
                leaf.getNotAfter().toInstant(),
                generation);
    }

    /**
     * Passes if a chain leads to a known authority and is for client authentication; whom it names
     * is not looked at.
     *
     * @return the authority
     * @throws KmsFault UnrecognizedClientException saying what is wrong with it
     */
    public ClientCa requirePath(List<X509Certificate> chain) {
        requireClientAuth(chain.getFirst());
        return authorityOf(chain);
    }

    private ClientCa authorityOf(List<X509Certificate> chain) {
        List<X509Certificate> path = new ArrayList<>(chain);
        path.removeAll(authorities.keySet());
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            X509Certificate anchor = validate(certPath, authorities.keySet(), List.of());
            ClientCa authority = authorities.get(anchor);
            if (authority == null) {
                throw refused("no known authority issued it");
            }
            List<CRL> crls = revocations.get(authority);
            if (crls != null) {
                validate(certPath, Set.of(anchor), crls);
            }
            return authority;
        } catch (GeneralSecurityException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** Answers the anchor that a path leads to; looks at revocation if there are lists. */
    private static X509Certificate validate(
            CertPath path, Set<X509Certificate> anchors, List<CRL> crls)
            throws GeneralSecurityException {
        Set<TrustAnchor> trusted = new HashSet<>();
        anchors.forEach(ca -> trusted.add(new TrustAnchor(ca, null)));
        PKIXParameters parameters = new PKIXParameters(trusted);
        parameters.setRevocationEnabled(!crls.isEmpty());
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
        var result =
                (PKIXCertPathValidatorResult)
                        CertPathValidator.getInstance("PKIX").validate(path, parameters);
        return result.getTrustAnchor().getTrustedCert();
    }

    private static void requireClientAuth(X509Certificate leaf) {
        try {
            List<String> purposes = leaf.getExtendedKeyUsage();
            if (purposes == null || !purposes.contains(CLIENT_AUTH)) {
                throw refused("it is not for client authentication (extended key usage)");
            }
        } catch (CertificateParsingException e) {
            throw refused("its extended key usage cannot be read");
        }
    }

    private static String uri(X509Certificate leaf) {
        List<String> uris = uris(leaf);
        if (uris.size() != 1) {
            throw refused("it has " + uris.size() + " URIs as alternative name, not one");
        }
        return uris.getFirst();
    }

    private static List<String> uris(X509Certificate leaf) {
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> name.get(0).equals(URI_NAME))
                            .map(name -> (String) name.get(1))
                            .toList();
        } catch (CertificateParsingException e) {
            throw refused("its alternative names cannot be read");
        }
    }

    private static X509Certificate certificate(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no certificate: " + e.getMessage(), e);
        }
    }

    private static List<CRL> crls(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            List<CRL> crls = List.copyOf(CertificateFactory.getInstance("X.509").generateCRLs(in));
            if (crls.isEmpty()) {
                throw new IOException(file + " holds no revocation list");
            }
            return crls;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no revocation list: " + e.getMessage(), e);
        }
    }

    /**
     * A chain that passed.
     *
     * @param notAfter when the certificate expires
     * @param generation of the files it was verified against
     */
    public record Verified(Caller caller, Instant notAfter, Object generation) {}
}
