package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.KeyUse;
import io.keyhold.key.MaterialUse;
import io.keyhold.store.UsageStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The use of keys and their materials, in the database of {@link SqlStore}. */
final class SqlUsageStore implements UsageStore {

    private final Jdbi jdbi;

    SqlUsageStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Map<Arn, KeyUse> keyUses() {
        Map<Arn, KeyUse> uses = new HashMap<>();
        jdbi.useTransaction(
                handle ->
                        handle.createQuery(
                                        "SELECT key_arn, operation, used_at, event_id, request_id"
                                                + " FROM key_use")
                                .map(
                                        (row, context) ->
                                                uses.put(
                                                        Arn.parse(row.getString(1)).orElseThrow(),
                                                        new KeyUse(
                                                                row.getString(2),
                                                                Instant.ofEpochMilli(
                                                                        row.getLong(3)),
                                                                row.getString(4),
                                                                row.getString(5))))
                                .list());
        return uses;
    }

    @Override
    public Map<UUID, MaterialUse> materialUses() {
        Map<UUID, MaterialUse> uses = new HashMap<>();
        jdbi.useTransaction(
                handle ->
                        handle.createQuery(
                                        "SELECT cka_id, last_encryption, last_decryption,"
                                                + " decryptions FROM backing_key WHERE"
                                                + " last_encryption IS NOT NULL"
                                                + " OR last_decryption IS NOT NULL")
                                .map(
                                        (row, context) ->
                                                uses.put(
                                                        UUID.fromString(row.getString(1)),
                                                        new MaterialUse(
                                                                Rows.instant(
                                                                        row, "last_encryption"),
                                                                Rows.instant(
                                                                        row, "last_decryption"),
                                                                row.getLong(4))))
                                .list());
        return uses;
    }

    @Override
    public void save(Map<Arn, KeyUse> keys, Map<UUID, MaterialUse> materials) {
        jdbi.useTransaction(
                handle -> {
                    keys.forEach((key, use) -> save(handle, key, use));
                    materials.forEach((ckaId, use) -> save(handle, ckaId, use));
                });
    }

    private static void save(Handle handle, Arn key, KeyUse use) {
        handle.execute("DELETE FROM key_use WHERE key_arn = ?", key.toString());
        handle.execute(
                "INSERT INTO key_use (key_arn, operation, used_at, event_id, request_id)"
                        + " SELECT arn, ?, ?, ?, ? FROM kms_key WHERE arn = ?",
                use.operation(),
                use.at().toEpochMilli(),
                use.eventId(),
                use.requestId(),
                key.toString());
    }

    private static void save(Handle handle, UUID ckaId, MaterialUse use) {
        handle.execute(
                "UPDATE backing_key SET last_encryption = ?, last_decryption = ?, decryptions = ?"
                        + " WHERE cka_id = ?",
                millis(use.lastEncryption()),
                millis(use.lastDecryption()),
                use.decryptions(),
                ckaId.toString());
    }

    private static @Nullable Long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(null);
    }
}
