package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;

/** Whom the URI of a client certificate names: whoever its authority may name, and nobody else. */
final class CertificateNames {

    private static final String SERVICE = "Service:";
    private static final String SPIFFE = "spiffe://";

    private CertificateNames() {}

    /**
     * The principal that a URI names, directly or by a mapping of its authority.
     *
     * @throws KmsFault UnrecognizedClientException saying why it names nobody
     */
    static Principal principal(String uri, ClientCa authority, String partition) {
        String name = uri.startsWith(SPIFFE) ? mapped(uri, authority) : uri;
        return name.startsWith(SERVICE)
                ? service(name.substring(SERVICE.length()), authority)
                : ofAccount(name, authority, partition);
    }

    private static String mapped(String uri, ClientCa authority) {
        return authority.mappings().stream()
                .flatMap(mapping -> mapping.principal(uri).stream())
                .findFirst()
                .orElseThrow(() -> refused("no mapping of its authority is for its SPIFFE ID"));
    }

    private static Principal service(String name, ClientCa authority) {
        if (!authority.services().contains(name)) {
            throw refused("its authority may not name service " + name);
        }
        return new Principal.Service(name);
    }

    private static Principal ofAccount(String name, ClientCa authority, String partition) {
        Arn arn =
                Arn.parse(name)
                        .orElseThrow(() -> refused("its URI is no ARN, service or SPIFFE ID"));
        if (!arn.isPrincipal() || !arn.partition().equals(partition)) {
            throw refused("its URI names no IAM user, role, session or root");
        }
        if (!authority.accounts().contains(arn.account())) {
            throw refused("its authority may not name account " + arn.account());
        }
        if (arn.isRoot() && !authority.allowRoot()) {
            throw refused("its authority may not name an account's root");
        }
        return new Principal.OfAccount(arn);
    }

    static KmsFault refused(String why) {
        return KmsFault.of(
                FaultName.UnrecognizedClientException,
                "The client certificate is refused: %s.",
                why);
    }
}
