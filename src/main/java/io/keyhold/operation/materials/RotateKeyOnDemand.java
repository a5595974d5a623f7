package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotateKeyOnDemandResponse;

/** Gives a key new material; answers when that material is current. */
final class RotateKeyOnDemand
        implements Operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> {

    private final Lifecycle lifecycle;

    RotateKeyOnDemand(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<RotateKeyOnDemandResponse> prepare(
            Authorized<RotateKeyOnDemandRequest> authorized) {
        KeyRecord key = authorized.key();
        key.require(StateRule.USE);
        Rotatable.requireOnDemand(key);
        return Effect.slow(
                () ->
                        RotateKeyOnDemandResponse.newBuilder()
                                .setKeyId(lifecycle.rotateOnDemand(key.arn()).id().toString())
                                .build());
    }
}
