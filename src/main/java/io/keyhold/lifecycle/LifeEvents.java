package io.keyhold.lifecycle;

import io.keyhold.audit.Journal;
import io.keyhold.audit.ServiceEvent;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.Bytes16;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.RotationType;
import io.keyhold.key.Schedule;
import io.keyhold.key.Service;
import io.keyhold.lifecycle.Heartbeat.Doubt;
import io.keyhold.store.Mistrust;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Records what the daemon does to a key by itself. Each is durable before the change that it tells
 * of is, and stands where that change is certain to come.
 */
final class LifeEvents {

    private final Journal journal;
    private final Clocks clocks;

    LifeEvents(Journal journal, Clocks clocks) {
        this.journal = journal;
        this.clocks = clocks;
    }

    void rotating(KeyRecord key, BackingKey next, RotationType type) {
        record(
                Bytes16.newName(),
                "RotateKey",
                key.arn(),
                Map.of(
                        "rotationType", type.name(),
                        "keyMaterialId", next.keyMaterialId(),
                        "previousKeyMaterialId", key.current().keyMaterialId()));
    }

    /** It happens to a key once; a crash may have it recorded once more, as the same event. */
    void deleting(Arn key, int materials) {
        UUID id = UUID.nameUUIDFromBytes(("DeleteKey " + key).getBytes(StandardCharsets.US_ASCII));
        record(id, "DeleteKey", key, Map.of("materials", materials));
    }

    /** Likewise: material expires once each time that it was imported. */
    void expiring(Arn key, BackingKey backing) {
        String what = String.join(" ", "Expire", key.toString(), backing.keyMaterialId());
        String when = backing.expires().map(Instant::toString).orElse("");
        UUID id = UUID.nameUUIDFromBytes((what + when).getBytes(StandardCharsets.US_ASCII));
        record(
                id,
                "DeleteExpiredKeyMaterial",
                key,
                Map.of("keyMaterialId", backing.keyMaterialId(), "validTo", when));
    }

    void postponing(Arn key, Schedule.Deletion from, Schedule.Deletion to, Doubt doubt) {
        record(
                Bytes16.newName(),
                "PostponeKeyDeletion",
                key,
                Map.of(
                        "reason", doubt.reason(),
                        "deletionDate", from.date().toString(),
                        "newDeletionDate", to.date().toString()));
    }

    /** Because the metadata may be an old copy. */
    void postponing(Arn key, Mistrust mistrust) {
        record(
                Bytes16.newName(),
                "PostponeKeyDeletion",
                key,
                Map.of(
                        "reason",
                        "The audit journal is ahead of the database",
                        "newDeletionDate",
                        "not before " + mistrust.notBefore()));
    }

    /** A key whose creation a crash had broken off is there. */
    void creating(Arn key, BackingKey first) {
        record(
                Bytes16.newName(),
                "CreateKey",
                key,
                Map.of(
                        "reason",
                        "Its creation was broken off, and finished by reconciliation",
                        "keyMaterialId",
                        first.keyMaterialId()));
    }

    /** A service needs a key in an account. */
    void creating(Arn key, Service service) {
        record(
                Bytes16.newName(),
                "CreateKey",
                key,
                Map.of("reason", "It is needed by " + service.principal()));
    }

    private void record(UUID id, String name, Arn key, Map<String, Object> more) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("keyId", key.lastName());
        more.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> details.put(each.getKey(), each.getValue()));
        journal.record(ServiceEvent.of(id, name, clocks.now(), key, details));
    }
}
