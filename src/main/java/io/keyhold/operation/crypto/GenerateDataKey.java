package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.operation.crypto.SymmetricCipher.Encrypted;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import java.util.Arrays;

/** Makes a data key; answers it in plaintext and encrypted. */
final class GenerateDataKey implements Operation<GenerateDataKeyRequest, GenerateDataKeyResponse> {

    private final SymmetricCipher cipher;

    GenerateDataKey(SymmetricCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Effect<GenerateDataKeyResponse> prepare(Authorized<GenerateDataKeyRequest> authorized) {
        GenerateDataKeyRequest request = authorized.request();
        KeyRecord key = authorized.key();
        int length = DataKeyLength.of(request.getKeySpec(), request.getNumberOfBytes());
        SymmetricCipher.requireForDataKeys(key, "GenerateDataKey");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return new Effect<>(cipher.quickToEncrypt(key), () -> run(key, context, length));
    }

    private Answer<GenerateDataKeyResponse> run(
            KeyRecord key, EncryptionContext context, int length) {
        byte[] dataKey = cipher.random(length);
        try {
            Encrypted encrypted = cipher.encrypt(key, context, dataKey);
            GenerateDataKeyResponse response =
                    GenerateDataKeyResponse.newBuilder()
                            .setCiphertextBlob(encrypted.blob())
                            .setPlaintext(UnsafeByteOperations.unsafeWrap(dataKey))
                            .setKeyId(key.arn().toString())
                            .setKeyMaterialId(encrypted.material().keyMaterialId())
                            .build();
            return Answer.secret(response, dataKey);
        } catch (RuntimeException e) {
            Arrays.fill(dataKey, (byte) 0);
            throw e;
        }
    }
}
