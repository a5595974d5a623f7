package io.keyhold.operation.crypto;

import io.keyhold.access.Authorized;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import java.util.Arrays;

/** Encrypts up to 4096 bytes under a key's current material. */
final class Encrypt implements Operation<EncryptRequest, EncryptResponse> {

    private final SymmetricCipher cipher;

    Encrypt(SymmetricCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Effect<EncryptResponse> prepare(Authorized<EncryptRequest> authorized) {
        EncryptRequest request = authorized.request();
        KeyRecord key = authorized.key();
        SymmetricCipher.require(key, request.getEncryptionAlgorithm(), "Encrypt");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return Effect.of(cipher.quickToEncrypt(key), () -> run(key, context, request));
    }

    private EncryptResponse run(KeyRecord key, EncryptionContext context, EncryptRequest request) {
        byte[] plaintext = request.getPlaintext().toByteArray();
        try {
            return EncryptResponse.newBuilder()
                    .setCiphertextBlob(cipher.encrypt(key, context, plaintext).blob())
                    .setKeyId(key.arn().toString())
                    .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                    .build();
        } finally {
            Arrays.fill(plaintext, (byte) 0);
        }
    }
}
