package io.keyhold.operation.crypto;

import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.operation.crypto.SymmetricCipher.Encrypted;
import io.keyhold.token.DataKeyPair;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DataKeyPairSpec;
import io.keyhold.v1.EncryptionAlgorithmSpec;

/** Pairs for use outside, the private half encrypted under a symmetric key. */
final class DataKeyPairs {

    private final KeyStore keyStore;
    private final SymmetricCipher cipher;

    DataKeyPairs(KeyStore keyStore, SymmetricCipher cipher) {
        this.keyStore = keyStore;
        this.cipher = cipher;
    }

    /** Passes if a key can encrypt one. */
    static void require(KeyRecord key, String verb) {
        SymmetricCipher.require(key, EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT, verb);
    }

    /** Makes one. The caller wipes it. */
    Made make(KeyRecord key, EncryptionContext context, DataKeyPairSpec.Value spec) {
        DataKeyPair pair = keyStore.dataKeyPair(KeySpec.valueOf(spec.name()));
        try {
            return new Made(pair, cipher.encrypt(key, context, pair.privateKey()));
        } catch (RuntimeException e) {
            pair.wipe();
            throw e;
        }
    }

    /** A pair, and its private half encrypted. */
    record Made(DataKeyPair pair, Encrypted privateKey) {}
}
