package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.StateRule;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.token.Encapsulated;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.EncapsulateRequest;
import io.keyhold.v1.EncapsulateResponse;

/** Makes a secret that only the holder of a pair can have too. */
final class Encapsulate implements Operation<EncapsulateRequest, EncapsulateResponse> {

    private final KeyStore keyStore;

    Encapsulate(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<EncapsulateResponse> prepare(Authorized<EncapsulateRequest> authorized) {
        KeyRecord key = authorized.key();
        Usages.require(key, KeyUsage.ENCAPSULATE_DECAPSULATE, "Encapsulate");
        key.require(StateRule.USE);
        return new Effect<>(false, () -> run(key, authorized.request()));
    }

    private Answer<EncapsulateResponse> run(KeyRecord key, EncapsulateRequest request) {
        Encapsulated made = keyStore.encapsulate(key.material(key.current()));
        EncapsulateResponse response =
                EncapsulateResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setSharedSecret(UnsafeByteOperations.unsafeWrap(made.secret()))
                        .setSharedSecretCiphertextBlob(
                                UnsafeByteOperations.unsafeWrap(made.ciphertext()))
                        .setEncapsulationAlgorithm(request.getEncapsulationAlgorithm())
                        .build();
        return Answer.secret(response, made.secret());
    }
}
