package io.keyhold.operation.crypto;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;

/** What a key may be used for, and by which algorithms. */
final class Usages {

    private Usages() {}

    /**
     * Passes if a key is for what a verb does.
     *
     * @throws KmsFault InvalidKeyUsageException
     */
    static void require(KeyRecord key, KeyUsage usage, String verb) {
        if (key.usage() != usage) {
            throw KmsFault.of(
                    FaultName.InvalidKeyUsageException,
                    "%s key usage is %s which is not valid for %s.",
                    key.arn(),
                    key.usage(),
                    verb);
        }
    }

    /** A key's spec does not allow an algorithm. */
    static KmsFault incompatible(Enum<?> algorithm, KeyRecord key) {
        return KmsFault.of(
                FaultName.InvalidKeyUsageException,
                "Algorithm %s is incompatible with key spec %s.",
                algorithm,
                key.spec());
    }
}
