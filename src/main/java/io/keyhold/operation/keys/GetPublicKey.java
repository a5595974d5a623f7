package io.keyhold.operation.keys;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.GetPublicKeyResponse;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;

/** Answers the public half of a pair. */
final class GetPublicKey implements Operation<GetPublicKeyRequest, GetPublicKeyResponse> {

    private final KeyStore keyStore;

    GetPublicKey(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<GetPublicKeyResponse> prepare(Authorized<GetPublicKeyRequest> authorized) {
        KeyRecord key = authorized.key();
        if (!key.spec().isAsymmetric()) {
            throw KmsFault.of(
                    FaultName.UnsupportedOperationException,
                    "%s has key spec %s, which has no public key.",
                    key.arn(),
                    key.spec());
        }
        key.require(StateRule.USE);
        return Effect.of(() -> answer(key));
    }

    private GetPublicKeyResponse answer(KeyRecord key) {
        byte[] publicKey = keyStore.publicKey(key.material(key.current()));
        GetPublicKeyResponse.Builder response =
                GetPublicKeyResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setPublicKey(UnsafeByteOperations.unsafeWrap(publicKey))
                        .setKeySpec(KeySpec.Value.valueOf(key.spec().name()))
                        .setKeyUsage(KeyUsageType.Value.valueOf(key.usage().name()))
                        .addAllEncryptionAlgorithms(Algorithms.encryption(key, keyStore))
                        .addAllSigningAlgorithms(Algorithms.signing(key))
                        .addAllKeyAgreementAlgorithms(Algorithms.agreement(key));
        Metadata.olderName(key).ifPresent(response::setCustomerMasterKeySpec);
        return response.build();
    }
}
