package io.keyhold.operation.crypto;

import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.MacAlgorithm;
import io.keyhold.key.StateRule;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.MacAlgorithmSpec;

/** Message authentication codes, made in the token. */
final class Hmacs {

    private final KeyStore keyStore;

    Hmacs(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    /**
     * Passes if the key can do this verb with this algorithm, in its state.
     *
     * @throws KmsFault InvalidKeyUsageException, DisabledException or KMSInvalidStateException
     */
    static void require(KeyRecord key, MacAlgorithmSpec.Value algorithm, String verb) {
        Usages.require(key, KeyUsage.GENERATE_VERIFY_MAC, verb);
        if (MacAlgorithm.of(key.spec())
                .filter(own -> own.name().equals(algorithm.name()))
                .isEmpty()) {
            throw Usages.incompatible(algorithm, key);
        }
        key.require(StateRule.USE);
    }

    /** Whether {@link #mac} takes microseconds. */
    boolean quick() {
        return keyStore.inProcess();
    }

    /** The code in full length. */
    byte[] mac(KeyRecord key, byte[] message) {
        return keyStore.mac(key.material(key.current()), message);
    }
}
