package io.keyhold.operation.crypto;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SignResponse;

/** Signs a message with the private half of a pair. */
final class Sign implements Operation<SignRequest, SignResponse> {

    private final KeyStore keyStore;

    Sign(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<SignResponse> prepare(Authorized<SignRequest> authorized) {
        SignRequest request = authorized.request();
        KeyRecord key = authorized.key();
        SigningAlgorithm algorithm = Signatures.require(key, request.getSigningAlgorithm(), "Sign");
        byte[] input = Signatures.input(algorithm, request.getMessageType(), request.getMessage());
        return Effect.slow(
                () -> {
                    byte[] signature = keyStore.sign(key.material(key.current()), algorithm, input);
                    return SignResponse.newBuilder()
                            .setKeyId(key.arn().toString())
                            .setSignature(UnsafeByteOperations.unsafeWrap(signature))
                            .setSigningAlgorithm(request.getSigningAlgorithm())
                            .build();
                });
    }
}
