package io.keyhold.operation.crypto;

import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.token.PublicKeys;
import io.keyhold.v1.VerifyRequest;
import io.keyhold.v1.VerifyResponse;

/** Says whether a signature is right, by the public half alone. */
final class Verify implements Operation<VerifyRequest, VerifyResponse> {

    private final KeyStore keyStore;

    Verify(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<VerifyResponse> prepare(Authorized<VerifyRequest> authorized) {
        VerifyRequest request = authorized.request();
        KeyRecord key = authorized.key();
        SigningAlgorithm algorithm =
                Signatures.require(key, request.getSigningAlgorithm(), "Verify");
        byte[] input = Signatures.input(algorithm, request.getMessageType(), request.getMessage());
        return Effect.slow(() -> run(key, algorithm, input, request));
    }

    private VerifyResponse run(
            KeyRecord key, SigningAlgorithm algorithm, byte[] input, VerifyRequest request) {
        byte[] publicKey = keyStore.publicKey(key.material(key.current()));
        byte[] signature = request.getSignature().toByteArray();
        if (!PublicKeys.verify(publicKey, algorithm, input, signature)) {
            throw KmsFault.bare(FaultName.KMSInvalidSignatureException);
        }
        return VerifyResponse.newBuilder()
                .setKeyId(key.arn().toString())
                .setSignatureValid(true)
                .setSigningAlgorithm(request.getSigningAlgorithm())
                .build();
    }
}
