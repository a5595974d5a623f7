package io.keyhold.operation.imports;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.token.KeyStore;

/** What can be imported, and how. */
final class Importable {

    private Importable() {}

    /**
     * Passes if a key's material comes from outside.
     *
     * @throws KmsFault UnsupportedOperationException
     */
    static void require(KeyRecord key) {
        if (key.origin() != KeyOrigin.EXTERNAL) {
            throw KmsFault.of(
                    FaultName.UnsupportedOperationException,
                    "%s origin is %s which is not valid for this operation.",
                    key.arn(),
                    key.origin());
        }
    }

    /**
     * Passes if the token unwraps by an algorithm, as it is set up.
     *
     * @throws KmsFault UnsupportedOperationException
     */
    static void require(WrappingAlgorithm algorithm, KeyStore keyStore) {
        if (!keyStore.unwraps().contains(algorithm)) {
            throw KmsFault.of(
                    FaultName.UnsupportedOperationException,
                    "WrappingAlgorithm %s is not supported: the token has no CKM_RSA_PKCS_OAEP with"
                            + " SHA-256, and the daemon may not see plaintext"
                            + " (import.allow_plaintext_in_daemon).",
                    algorithm);
        }
    }
}
