package io.keyhold.operation.materials;

import io.keyhold.key.FaultName;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;

/** Which kinds of keys rotate. */
final class Rotatable {

    private Rotatable() {}

    /**
     * Passes if a key can rotate at dates: symmetric, with material that a token of the default
     * store made.
     *
     * @throws KmsFault UnsupportedOperationException
     */
    static void requireByDate(KeyRecord key) {
        requireSymmetric(key);
        if (key.origin() != KeyOrigin.AWS_KMS) {
            throw wrongOrigin(key);
        }
    }

    /**
     * Passes if a key can rotate on demand: likewise, or to material that was imported for that.
     *
     * @throws KmsFault UnsupportedOperationException, or KMSInvalidStateException if nothing was
     *     imported
     */
    static void requireOnDemand(KeyRecord key) {
        requireSymmetric(key);
        switch (key.origin()) {
            case AWS_KMS -> {}
            case EXTERNAL -> key.requirePendingRotation();
            case AWS_CLOUDHSM, EXTERNAL_KEY_STORE -> throw wrongOrigin(key);
        }
    }

    private static void requireSymmetric(KeyRecord key) {
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsFault.bare(FaultName.UnsupportedOperationException);
        }
    }

    private static KmsFault wrongOrigin(KeyRecord key) {
        return KmsFault.of(
                FaultName.UnsupportedOperationException,
                "%s origin is %s which is not valid for this operation.",
                key.arn(),
                key.origin());
    }
}
