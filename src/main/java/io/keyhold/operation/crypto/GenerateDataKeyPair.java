package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.operation.crypto.DataKeyPairs.Made;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateDataKeyPairResponse;

/** Makes a pair for use outside; answers its private half in plaintext and encrypted. */
final class GenerateDataKeyPair
        implements Operation<GenerateDataKeyPairRequest, GenerateDataKeyPairResponse> {

    private final DataKeyPairs pairs;

    GenerateDataKeyPair(DataKeyPairs pairs) {
        this.pairs = pairs;
    }

    @Override
    public Effect<GenerateDataKeyPairResponse> prepare(
            Authorized<GenerateDataKeyPairRequest> authorized) {
        GenerateDataKeyPairRequest request = authorized.request();
        KeyRecord key = authorized.key();
        DataKeyPairs.require(key, "GenerateDataKeyPair");
        EncryptionContext context = EncryptionContext.of(request.getEncryptionContextMap());
        return new Effect<>(false, () -> run(key, context, request));
    }

    private Answer<GenerateDataKeyPairResponse> run(
            KeyRecord key, EncryptionContext context, GenerateDataKeyPairRequest request) {
        Made made = pairs.make(key, context, request.getKeyPairSpec());
        byte[] privateKey = made.pair().privateKey();
        return Answer.secret(
                GenerateDataKeyPairResponse.newBuilder()
                        .setPrivateKeyCiphertextBlob(made.privateKey().blob())
                        .setPrivateKeyPlaintext(UnsafeByteOperations.unsafeWrap(privateKey))
                        .setPublicKey(UnsafeByteOperations.unsafeWrap(made.pair().publicKey()))
                        .setKeyId(key.arn().toString())
                        .setKeyPairSpec(request.getKeyPairSpec())
                        .setKeyMaterialId(made.privateKey().material().keyMaterialId())
                        .build(),
                privateKey);
    }
}
