package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.DisableKeyRotationRequest;
import io.keyhold.v1.DisableKeyRotationResponse;

/** Lets a key not rotate by itself any more. */
final class DisableKeyRotation
        implements Operation<DisableKeyRotationRequest, DisableKeyRotationResponse> {

    private final Lifecycle lifecycle;

    DisableKeyRotation(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<DisableKeyRotationResponse> prepare(
            Authorized<DisableKeyRotationRequest> authorized) {
        KeyRecord key = authorized.key();
        Rotatable.requireByDate(key);
        key.require(StateRule.ROTATION_SETTING);
        return Effect.slow(
                () -> {
                    lifecycle.disableRotation(key.arn());
                    return DisableKeyRotationResponse.getDefaultInstance();
                });
    }
}
