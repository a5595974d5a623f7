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
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.DeriveSharedSecretResponse;
import io.keyhold.v1.OriginType;

/** Derives a secret that the holder of another pair can derive too. */
final class DeriveSharedSecret
        implements Operation<DeriveSharedSecretRequest, DeriveSharedSecretResponse> {

    private final KeyStore keyStore;

    DeriveSharedSecret(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<DeriveSharedSecretResponse> prepare(
            Authorized<DeriveSharedSecretRequest> authorized) {
        DeriveSharedSecretRequest request = authorized.request();
        KeyRecord key = authorized.key();
        Usages.require(key, KeyUsage.KEY_AGREEMENT, "DeriveSharedSecret");
        key.require(StateRule.USE);
        byte[] other = request.getPublicKey().toByteArray();
        return new Effect<>(false, () -> run(key, other, request));
    }

    private Answer<DeriveSharedSecretResponse> run(
            KeyRecord key, byte[] other, DeriveSharedSecretRequest request) {
        byte[] secret = keyStore.deriveSharedSecret(key.material(key.current()), other);
        DeriveSharedSecretResponse response =
                DeriveSharedSecretResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setSharedSecret(UnsafeByteOperations.unsafeWrap(secret))
                        .setKeyAgreementAlgorithm(request.getKeyAgreementAlgorithm())
                        .setKeyOrigin(OriginType.Value.valueOf(key.origin().name()))
                        .build();
        return Answer.secret(response, secret);
    }
}
