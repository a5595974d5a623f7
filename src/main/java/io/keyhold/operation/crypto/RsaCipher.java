package io.keyhold.operation.crypto;

import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.token.KeyStore;
import io.keyhold.token.PublicKeys;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import java.util.Map;

/** Ciphertexts of RSA keys: made with the public half, here, and opened in the token. */
final class RsaCipher {

    private final KeyStore keyStore;

    RsaCipher(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    /** Whether an algorithm is one of pairs: its ciphertexts do not name their key. */
    static boolean isMeant(EncryptionAlgorithmSpec.Value algorithm) {
        return switch (algorithm) {
            case RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE -> true;
            default -> false;
        };
    }

    /**
     * The algorithm, if the key can do this verb with it, in its state.
     *
     * @throws KmsFault InvalidKeyUsageException, ValidationException,
     *     UnsupportedOperationException, DisabledException or KMSInvalidStateException
     */
    EncryptionAlgorithm require(
            KeyRecord key,
            EncryptionAlgorithmSpec.Value asked,
            Map<String, String> context,
            String verb) {
        Usages.require(key, KeyUsage.ENCRYPT_DECRYPT, verb);
        EncryptionAlgorithm algorithm = EncryptionAlgorithm.valueOf(asked.name());
        if (!EncryptionAlgorithm.of(key.spec()).contains(algorithm)) {
            throw Usages.incompatible(algorithm, key);
        }
        if (!context.isEmpty()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "EncryptionContext is not valid for algorithm %s: it is for symmetric keys.",
                    algorithm);
        }
        if (!keyStore.deciphers(key.spec()).contains(algorithm)) {
            throw KmsFault.of(
                    FaultName.UnsupportedOperationException,
                    "EncryptionAlgorithm %s is not supported: the token has no CKM_RSA_PKCS_OAEP"
                            + " with that hash.",
                    algorithm);
        }
        key.require(StateRule.USE);
        return algorithm;
    }

    /**
     * Encrypts.
     *
     * @throws KmsFault ValidationException if that is too much
     */
    byte[] encrypt(KeyRecord key, EncryptionAlgorithm algorithm, byte[] plaintext) {
        int room = algorithm.room(key.spec().modulusBytes());
        if (plaintext.length > room) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "Algorithm %s and key spec %s cannot encrypt data larger than %d bytes.",
                    algorithm,
                    key.spec(),
                    room);
        }
        byte[] publicKey = keyStore.publicKey(key.material(key.current()));
        return PublicKeys.encrypt(publicKey, algorithm, plaintext);
    }

    /** Decrypts. The caller zeroes the answer after use. */
    byte[] decrypt(KeyRecord key, EncryptionAlgorithm algorithm, byte[] ciphertext) {
        if (ciphertext.length != key.spec().modulusBytes()) {
            throw KmsFault.bare(FaultName.InvalidCiphertextException);
        }
        return keyStore.decipher(key.material(key.current()), algorithm, ciphertext);
    }
}
