package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.EnableKeyRotationRequest;
import io.keyhold.v1.EnableKeyRotationResponse;

/** Lets a key rotate by itself, every so many days from now on. */
final class EnableKeyRotation
        implements Operation<EnableKeyRotationRequest, EnableKeyRotationResponse> {

    private static final int USUAL_DAYS = 365;

    private final Lifecycle lifecycle;

    EnableKeyRotation(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<EnableKeyRotationResponse> prepare(
            Authorized<EnableKeyRotationRequest> authorized) {
        EnableKeyRotationRequest request = authorized.request();
        KeyRecord key = authorized.key();
        Rotatable.requireByDate(key);
        key.require(StateRule.ROTATION_SETTING);
        int days =
                request.hasRotationPeriodInDays() ? request.getRotationPeriodInDays() : USUAL_DAYS;
        return Effect.slow(
                () -> {
                    lifecycle.enableRotation(key.arn(), days);
                    return EnableKeyRotationResponse.getDefaultInstance();
                });
    }
}
