package io.keyhold.operation.crypto;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.v1.EncryptionAlgorithmSpec;

/** What Encrypt and Decrypt both ask of a key before they touch its material. */
final class SymmetricKeys {

    private SymmetricKeys() {}

    /**
     * Passes if the key can do this verb with this algorithm, in its state.
     *
     * @throws KmsFault InvalidKeyUsageException, DisabledException or KMSInvalidStateException
     */
    static void require(KeyRecord key, EncryptionAlgorithmSpec.Value algorithm, String verb) {
        if (key.usage() != KeyUsage.ENCRYPT_DECRYPT) {
            throw KmsFault.of(
                    FaultName.InvalidKeyUsageException,
                    "%s key usage is %s which is not valid for %s.",
                    key.arn(),
                    key.usage(),
                    verb);
        }
        boolean symmetric =
                algorithm == EncryptionAlgorithmSpec.Value.UNSPECIFIED
                        || algorithm == EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT;
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT || !symmetric) {
            throw KmsFault.of(
                    FaultName.InvalidKeyUsageException,
                    "Algorithm %s is incompatible with key spec %s.",
                    algorithm,
                    key.spec());
        }
        key.state().requireUsable(key.arn());
    }
}
