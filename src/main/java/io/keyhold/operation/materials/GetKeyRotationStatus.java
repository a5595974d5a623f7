package io.keyhold.operation.materials;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Schedule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import java.util.Optional;

/** Answers whether and when a key rotates by itself. */
final class GetKeyRotationStatus
        implements Operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> {

    private final Lifecycle lifecycle;

    GetKeyRotationStatus(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    @Override
    public Effect<GetKeyRotationStatusResponse> prepare(
            Authorized<GetKeyRotationStatusRequest> authorized) {
        KeyRecord key = authorized.key();
        Rotatable.requireByDate(key);
        return Effect.slow(() -> answer(key));
    }

    private GetKeyRotationStatusResponse answer(KeyRecord key) {
        // While a key is pending deletion it does not rotate; what was set comes back with it.
        Optional<Schedule.Rotation> dates =
                key.schedule().deletion().isPresent()
                        ? Optional.empty()
                        : key.schedule().rotation();
        GetKeyRotationStatusResponse.Builder answer =
                GetKeyRotationStatusResponse.newBuilder()
                        .setKeyRotationEnabled(dates.isPresent())
                        .setKeyId(key.id().toString());
        dates.ifPresent(
                set ->
                        answer.setRotationPeriodInDays(set.periodInDays())
                                .setNextRotationDate(Timestamps.of(set.next())));
        lifecycle
                .unfinishedRotation(key.arn())
                .ifPresent(begun -> answer.setOnDemandRotationStartDate(Timestamps.of(begun)));
        return answer.build();
    }
}
