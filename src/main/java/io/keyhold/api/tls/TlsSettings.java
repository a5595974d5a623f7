package io.keyhold.api.tls;

import io.keyhold.identity.ClientCa;
import java.nio.file.Path;
import java.util.List;

/**
 * Files of the TLS listener, all PEM.
 *
 * @param certificate the server's certificate, then its issuers
 * @param privateKey its key, PKCS#8
 * @param clientCas whom the server believes about clients
 */
public record TlsSettings(
        String partition, Path certificate, Path privateKey, List<ClientCa> clientCas) {}
