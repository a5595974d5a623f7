package io.keyhold.identity;

import io.keyhold.key.LocalProcess;
import java.security.cert.X509Certificate;
import java.util.List;

/** The other end of a connection, as the transport knows it. */
public sealed interface Peer {

    /** Whether nobody on the way could read the call. */
    boolean isOverTls();

    /** A process on this machine. */
    record Unix(LocalProcess process) implements Peer {

        @Override
        public boolean isOverTls() {
            return false;
        }
    }

    /**
     * The owner of a client certificate.
     *
     * @param chain the certificate, then its issuers, as the handshake presented them
     */
    record Tls(List<X509Certificate> chain) implements Peer {

        @Override
        public boolean isOverTls() {
            return true;
        }
    }

    /** Whoever signed a request, on a connection that says nothing of its other end. */
    record Signer(SignedRequest request, boolean isOverTls) implements Peer {}
}
