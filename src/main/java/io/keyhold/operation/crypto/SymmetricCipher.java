package io.keyhold.operation.crypto;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.envelope.BlobHeader;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.v1.EncryptionAlgorithmSpec;

/** Ciphertext blobs of symmetric keys: checked, counted, made and opened in the token. */
final class SymmetricCipher {

    private final KeyStore keyStore;
    private final Lifecycle lifecycle;

    SymmetricCipher(KeyStore keyStore, Lifecycle lifecycle) {
        this.keyStore = keyStore;
        this.lifecycle = lifecycle;
    }

    /**
     * Passes if the key can do this verb with this algorithm, in its state.
     *
     * @throws KmsFault InvalidKeyUsageException, DisabledException or KMSInvalidStateException
     */
    static void require(KeyRecord key, EncryptionAlgorithmSpec.Value algorithm, String verb) {
        Usages.require(key, KeyUsage.ENCRYPT_DECRYPT, verb);
        EncryptionAlgorithmSpec.Value meant = orDefault(algorithm);
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT
                || meant != EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT) {
            throw Usages.incompatible(meant, key);
        }
        key.require(StateRule.USE);
    }

    /**
     * Passes if the key can make data keys, in its state.
     *
     * @throws KmsFault InvalidKeyUsageException, DisabledException or KMSInvalidStateException
     */
    static void requireForDataKeys(KeyRecord key, String verb) {
        Usages.require(key, KeyUsage.ENCRYPT_DECRYPT, verb);
        key.require(StateRule.USE);
        if (key.spec() != KeySpec.SYMMETRIC_DEFAULT) {
            throw KmsFault.of(
                    FaultName.InvalidKeyUsageException,
                    "You cannot generate a data key with an asymmetric CMK");
        }
    }

    /** The algorithm of a request that may leave it out. */
    static EncryptionAlgorithmSpec.Value orDefault(EncryptionAlgorithmSpec.Value asked) {
        return asked == EncryptionAlgorithmSpec.Value.UNSPECIFIED
                ? EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT
                : asked;
    }

    /** The backing key that a ciphertext's header names, and no other. */
    static BackingKey backing(KeyRecord key, CiphertextBlob blob) {
        return key.backingKey(blob.header().backingId())
                .orElseThrow(() -> KmsFault.bare(FaultName.InvalidCiphertextException));
    }

    /** Whether a call into the token takes microseconds. */
    boolean quick() {
        return keyStore.inProcess();
    }

    /** Whether {@link #encrypt} takes microseconds. */
    boolean quickToEncrypt(KeyRecord key) {
        return quick() && lifecycle.readyToEncrypt(key);
    }

    /** Encrypts under the key's current material. */
    Encrypted encrypt(KeyRecord key, EncryptionContext context, byte[] plaintext) {
        BackingKey current = lifecycle.forEncryption(key).current();
        BlobHeader header = new BlobHeader(key.id(), current.id());
        byte[] aad = header.authenticatedData(context);
        Sealed sealed = keyStore.encrypt(key.material(current), aad, plaintext);
        CiphertextBlob blob = new CiphertextBlob(header, sealed.iv(), sealed.ciphertextAndTag());
        lifecycle.usage().encrypted(current);
        return new Encrypted(UnsafeByteOperations.unsafeWrap(blob.encode()), current);
    }

    /** Decrypts with one of the key's materials. The caller zeroes the answer after use. */
    byte[] decrypt(
            KeyRecord key, BackingKey backing, CiphertextBlob blob, EncryptionContext context) {
        byte[] plaintext =
                keyStore.decrypt(
                        key.material(backing),
                        blob.header().authenticatedData(context),
                        new Sealed(blob.iv(), blob.sealed()));
        lifecycle.usage().decrypted(backing);
        return plaintext;
    }

    /**
     * A ciphertext.
     *
     * @param material that it is under
     */
    record Encrypted(ByteString blob, BackingKey material) {}

    /** New secret bytes. The caller zeroes them after use. */
    byte[] random(int length) {
        return keyStore.random(length);
    }
}
