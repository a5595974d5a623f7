package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DescribeKeyResponse;

/** Answers a key's metadata. */
final class DescribeKey implements Operation<DescribeKeyRequest, DescribeKeyResponse> {

    private final KeyStore keyStore;

    DescribeKey(KeyStore keyStore) {
        this.keyStore = keyStore;
    }

    @Override
    public Effect<DescribeKeyResponse> prepare(Authorized<DescribeKeyRequest> authorized) {
        KeyRecord key = authorized.key();
        return Effect.of(
                () ->
                        DescribeKeyResponse.newBuilder()
                                .setKeyMetadata(Metadata.of(key, keyStore))
                                .build());
    }
}
