package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CancelKeyDeletionResponse;

/** Calls the end of a key off. */
final class CancelKeyDeletion
        implements Operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse> {

    private final Lifecycle lifecycle;

    CancelKeyDeletion(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<CancelKeyDeletionResponse> prepare(
            Authorized<CancelKeyDeletionRequest> authorized) {
        KeyRecord key = authorized.key();
        key.require(StateRule.CANCELLATION);
        return Effect.slow(
                () ->
                        CancelKeyDeletionResponse.newBuilder()
                                .setKeyId(lifecycle.cancelDeletion(key.arn()).arn().toString())
                                .build());
    }
}
