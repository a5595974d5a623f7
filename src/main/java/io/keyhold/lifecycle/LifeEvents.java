package io.keyhold.lifecycle;

import io.keyhold.audit.Journal;
import io.keyhold.audit.ServiceEvent;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.RotationType;
import io.keyhold.key.Schedule;
import io.keyhold.lifecycle.Heartbeat.Doubt;
import java.util.LinkedHashMap;
import java.util.Map;

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
                "RotateKey",
                key.arn(),
                Map.of(
                        "rotationType", type.name(),
                        "keyMaterialId", next.keyMaterialId(),
                        "previousKeyMaterialId", key.current().keyMaterialId()));
    }

    void deleting(Arn key, int materials) {
        record("DeleteKey", key, Map.of("materials", materials));
    }

    void postponing(Arn key, Schedule.Deletion from, Schedule.Deletion to, Doubt doubt) {
        record(
                "PostponeKeyDeletion",
                key,
                Map.of(
                        "reason", doubt.reason(),
                        "deletionDate", from.date().toString(),
                        "newDeletionDate", to.date().toString()));
    }

    private void record(String name, Arn key, Map<String, Object> more) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("keyId", key.lastName());
        more.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> details.put(each.getKey(), each.getValue()));
        journal.record(new ServiceEvent(name, clocks.now(), key, details));
    }
}
