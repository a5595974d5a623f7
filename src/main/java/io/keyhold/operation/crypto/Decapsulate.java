package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.StateRule;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DecapsulateRequest;
import io.keyhold.v1.DecapsulateResponse;

/** Makes the secret again that was encapsulated for a pair. */
final class Decapsulate implements Operation<DecapsulateRequest, DecapsulateResponse> {

    private final KeyStore keyStore;

    Decapsulate(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<DecapsulateResponse> prepare(Authorized<DecapsulateRequest> authorized) {
        KeyRecord key = authorized.key();
        Usages.require(key, KeyUsage.ENCAPSULATE_DECAPSULATE, "Decapsulate");
        key.require(StateRule.USE);
        return new Effect<>(false, () -> run(key, authorized.request()));
    }

    private Answer<DecapsulateResponse> run(KeyRecord key, DecapsulateRequest request) {
        byte[] ciphertext = request.getSharedSecretCiphertextBlob().toByteArray();
        byte[] secret = keyStore.decapsulate(key.material(key.current()), ciphertext);
        DecapsulateResponse response =
                DecapsulateResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setSharedSecret(UnsafeByteOperations.unsafeWrap(secret))
                        .setEncapsulationAlgorithm(request.getEncapsulationAlgorithm())
                        .build();
        return Answer.secret(response, secret);
    }
}
