package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUse;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.GetKeyLastUsageRequest;
import io.keyhold.v1.GetKeyLastUsageResponse;
import io.keyhold.v1.KeyLastUsageData;
import io.keyhold.v1.KeyLastUsageTrackingOperation;

/** Answers what a key was used for last. */
final class GetKeyLastUsage implements Operation<GetKeyLastUsageRequest, GetKeyLastUsageResponse> {

    private final Lifecycle lifecycle;

    GetKeyLastUsage(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<GetKeyLastUsageResponse> prepare(Authorized<GetKeyLastUsageRequest> authorized) {
        KeyRecord key = authorized.key();
        return Effect.slow(() -> answer(key));
    }

    private GetKeyLastUsageResponse answer(KeyRecord key) {
        GetKeyLastUsageResponse.Builder answer =
                GetKeyLastUsageResponse.newBuilder()
                        .setKeyId(key.id().toString())
                        .setKeyCreationDate(Timestamps.of(key.createdAt()))
                        .setTrackingStartDate(Timestamps.of(lifecycle.trackedSince()));
        lifecycle.usage().of(key.arn()).ifPresent(use -> answer.setKeyLastUsage(shape(use)));
        return answer.build();
    }

    private static KeyLastUsageData shape(KeyUse use) {
        return KeyLastUsageData.newBuilder()
                .setOperation(KeyLastUsageTrackingOperation.Value.valueOf(use.operation()))
                .setTimestamp(Timestamps.of(use.at()))
                .setCloudTrailEventId(use.eventId())
                .setKmsRequestId(use.requestId())
                .build();
    }
}
