package io.keyhold.operation.crypto;

import io.keyhold.access.Authorized;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.crypto.SymmetricCipher.Encrypted;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextResponse;
import java.util.Arrays;

/** Makes a data key; answers it only encrypted. */
final class GenerateDataKeyWithoutPlaintext
        implements Operation<
                GenerateDataKeyWithoutPlaintextRequest, GenerateDataKeyWithoutPlaintextResponse> {

    private final SymmetricCipher cipher;

    GenerateDataKeyWithoutPlaintext(SymmetricCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Effect<GenerateDataKeyWithoutPlaintextResponse> prepare(
            Authorized<GenerateDataKeyWithoutPlaintextRequest> authorized) {
        GenerateDataKeyWithoutPlaintextRequest request = authorized.request();
        KeyRecord key = authorized.key();
        int length = DataKeyLength.of(request.getKeySpec(), request.getNumberOfBytes());
        SymmetricCipher.requireForDataKeys(key, "GenerateDataKeyWithoutPlaintext");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return Effect.of(cipher.quickToEncrypt(key), () -> run(key, context, length));
    }

    private GenerateDataKeyWithoutPlaintextResponse run(
            KeyRecord key, EncryptionContext context, int length) {
        byte[] dataKey = cipher.random(length);
        try {
            Encrypted encrypted = cipher.encrypt(key, context, dataKey);
            return GenerateDataKeyWithoutPlaintextResponse.newBuilder()
                    .setCiphertextBlob(encrypted.blob())
                    .setKeyId(key.arn().toString())
                    .setKeyMaterialId(encrypted.material().keyMaterialId())
                    .build();
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }
}
