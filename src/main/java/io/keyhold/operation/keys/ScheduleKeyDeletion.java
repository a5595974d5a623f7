package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUse;
import io.keyhold.key.StateRule;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.ScheduleKeyDeletionResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Plans the end of a key, and warns if it is in use. */
final class ScheduleKeyDeletion
        implements Operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> {

    private static final int USUAL_DAYS = 30;

    /** A key that was used since then may be needed. */
    private static final Duration RECENTLY = Duration.ofDays(30);

    private final Lifecycle lifecycle;
    private final InstantSource clock;

    ScheduleKeyDeletion(Lifecycle lifecycle, InstantSource clock) {
        this.lifecycle = lifecycle;
        this.clock = clock;
    }

    @Override
    public Effect<ScheduleKeyDeletionResponse> prepare(
            Authorized<ScheduleKeyDeletionRequest> authorized) {
        ScheduleKeyDeletionRequest request = authorized.request();
        int days = request.hasPendingWindowInDays() ? request.getPendingWindowInDays() : USUAL_DAYS;
        KeyRecord key = authorized.key();
        key.require(StateRule.DELETION);
        return Effect.slow(() -> answer(lifecycle.scheduleDeletion(key.arn(), days), days));
    }

    private ScheduleKeyDeletionResponse answer(KeyRecord key, int days) {
        ScheduleKeyDeletionResponse.Builder answer =
                ScheduleKeyDeletionResponse.newBuilder()
                        .setKeyId(key.arn().toString())
                        .setKeyState(KeyState.Value.valueOf(key.state().name()))
                        .setPendingWindowInDays(days);
        key.schedule()
                .deletion()
                .ifPresent(end -> answer.setDeletionDate(Timestamps.of(end.date())));
        warning(key).ifPresent(answer::setWarning);
        return answer.build();
    }

    private Optional<String> warning(KeyRecord key) {
        Instant recently = clock.instant().minus(RECENTLY);
        Optional<KeyUse> use = lifecycle.usage().of(key.arn());
        if (use.filter(last -> last.at().isAfter(recently)).isPresent()) {
            return use.map(ScheduleKeyDeletion::text);
        }
        Instant since = lifecycle.trackedSince();
        return since.isAfter(recently) && key.createdAt().isBefore(since)
                ? Optional.of(unknown(since))
                : Optional.empty();
    }

    /** After the metadata were restored. */
    private static String unknown(Instant since) {
        return ("Whether the key was used within the last %d days is known only since %s. What it"
                        + " encrypted cannot be decrypted once it is deleted.")
                .formatted(RECENTLY.toDays(), since);
    }

    private static String text(KeyUse use) {
        return ("The key was used within the last %d days: %s at %s. What it encrypted cannot be"
                        + " decrypted once it is deleted.")
                .formatted(RECENTLY.toDays(), use.operation(), use.at());
    }
}
