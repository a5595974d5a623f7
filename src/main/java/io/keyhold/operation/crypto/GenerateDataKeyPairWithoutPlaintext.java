package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.crypto.DataKeyPairs.Made;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextRequest;
import io.keyhold.v1.GenerateDataKeyPairWithoutPlaintextResponse;

/** Makes a pair for use outside; answers its private half only encrypted. */
final class GenerateDataKeyPairWithoutPlaintext
        implements Operation<
                GenerateDataKeyPairWithoutPlaintextRequest,
                GenerateDataKeyPairWithoutPlaintextResponse> {

    private final DataKeyPairs pairs;

    GenerateDataKeyPairWithoutPlaintext(DataKeyPairs pairs) {
        this.pairs = pairs;
    }

    @Override
    public Effect<GenerateDataKeyPairWithoutPlaintextResponse> prepare(
            Authorized<GenerateDataKeyPairWithoutPlaintextRequest> authorized) {
        GenerateDataKeyPairWithoutPlaintextRequest request = authorized.request();
        KeyRecord key = authorized.key();
        DataKeyPairs.require(key, "GenerateDataKeyPairWithoutPlaintext");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return Effect.slow(() -> run(key, context, request));
    }

    private GenerateDataKeyPairWithoutPlaintextResponse run(
            KeyRecord key,
            EncryptionContext context,
            GenerateDataKeyPairWithoutPlaintextRequest request) {
        Made made = pairs.make(key, context, request.getKeyPairSpec());
        made.pair().wipe();
        return GenerateDataKeyPairWithoutPlaintextResponse.newBuilder()
                .setPrivateKeyCiphertextBlob(made.privateKey().blob())
                .setPublicKey(UnsafeByteOperations.unsafeWrap(made.pair().publicKey()))
                .setKeyId(key.arn().toString())
                .setKeyPairSpec(request.getKeyPairSpec())
                .setKeyMaterialId(made.privateKey().material().keyMaterialId())
                .build();
    }
}
