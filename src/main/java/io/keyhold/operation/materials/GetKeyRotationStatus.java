package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;

/** Answers whether a key rotates by itself; none does yet. */
final class GetKeyRotationStatus
        implements Operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> {

    @Override
    public Effect<GetKeyRotationStatusResponse> prepare(
            Authorized<GetKeyRotationStatusRequest> authorized) {
        KeyRecord key = authorized.key();
        return Effect.of(
                () ->
                        GetKeyRotationStatusResponse.newBuilder()
                                .setKeyRotationEnabled(false)
                                .setKeyId(key.id().toString())
                                .build());
    }
}
