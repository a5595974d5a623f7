package io.keyhold.operation.crypto;

import io.keyhold.access.Authorized;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.crypto.SymmetricCipher.Encrypted;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.ReEncryptResponse;
import java.util.Arrays;

/** Decrypts a ciphertext and encrypts the plaintext again, which only passes through. */
final class ReEncrypt implements Operation<ReEncryptRequest, ReEncryptResponse> {

    private final SymmetricCipher cipher;

    ReEncrypt(SymmetricCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Effect<ReEncryptResponse> prepare(Authorized<ReEncryptRequest> authorized) {
        ReEncryptRequest request = authorized.request();
        KeyRecord source = authorized.key();
        KeyRecord destination = authorized.secondKey();
        SymmetricCipher.require(source, request.getSourceEncryptionAlgorithm(), "ReEncrypt");
        SymmetricCipher.require(
                destination, request.getDestinationEncryptionAlgorithm(), "ReEncrypt");
        EncryptionContext from = EncryptionContext.of(request.getSourceEncryptionContextMap());
        EncryptionContext to = EncryptionContext.of(request.getDestinationEncryptionContextMap());
        CiphertextBlob blob = authorized.blob();
        BackingKey backing = SymmetricCipher.backing(source, blob);
        return Effect.of(
                cipher.quickToEncrypt(destination),
                () -> {
                    byte[] plaintext = cipher.decrypt(source, backing, blob, from);
                    try {
                        return answer(
                                source,
                                backing,
                                destination,
                                cipher.encrypt(destination, to, plaintext));
                    } finally {
                        Arrays.fill(plaintext, (byte) 0);
                    }
                });
    }

    private static ReEncryptResponse answer(
            KeyRecord source, BackingKey backing, KeyRecord destination, Encrypted encrypted) {
        return ReEncryptResponse.newBuilder()
                .setCiphertextBlob(encrypted.blob())
                .setSourceKeyId(source.arn().toString())
                .setKeyId(destination.arn().toString())
                .setSourceEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                .setDestinationEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                .setSourceKeyMaterialId(backing.keyMaterialId())
                .setDestinationKeyMaterialId(encrypted.material().keyMaterialId())
                .build();
    }
}
