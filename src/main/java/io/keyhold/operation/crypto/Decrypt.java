package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.BackingKey;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;

/** Decrypts with the backing key that the ciphertext's header names, and with no other. */
final class Decrypt implements Operation<DecryptRequest, DecryptResponse> {

    private final SymmetricCipher cipher;

    Decrypt(SymmetricCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Effect<DecryptResponse> prepare(Authorized<DecryptRequest> authorized) {
        DecryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        CiphertextBlob blob = authorized.blob();
        SymmetricCipher.require(key, request.getEncryptionAlgorithm(), "Decrypt");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        BackingKey backing = SymmetricCipher.backing(key, blob);
        return new Effect<>(cipher.quick(), () -> run(key, backing, blob, context));
    }

    private Answer<DecryptResponse> run(
            KeyRecord key, BackingKey backing, CiphertextBlob blob, EncryptionContext context) {
        byte[] plaintext = cipher.decrypt(key, backing, blob, context);
        DecryptResponse response =
                DecryptResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setPlaintext(UnsafeByteOperations.unsafeWrap(plaintext))
                        .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                        .setKeyMaterialId(backing.keyMaterialId())
                        .build();
        return Answer.secret(response, plaintext);
    }
}
