package io.keyhold.store.sql;

import static io.keyhold.key.BackingKeyState.ACTIVE;
import static io.keyhold.key.BackingKeyState.CREATING;
import static io.keyhold.key.BackingKeyState.DESTROYING;
import static io.keyhold.key.BackingKeyState.EXPIRED;
import static io.keyhold.key.BackingKeyState.PENDING_IMPORT;

import io.keyhold.key.Arn;
import io.keyhold.key.ImportTerms;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Backing keys that came from outside. Each method answers how many rows it has changed. */
final class ImportedMaterials {

    private ImportedMaterials() {}

    static void beginAgain(Handle handle, Arn key, UUID id, String token) {
        SqlStore.one(BackingKeyTable.move(handle, key, id, PENDING_IMPORT, CREATING));
        SqlStore.one(setToken(handle, key, id, token));
    }

    /** The key's current material, if it has none; and lets the key be used, if that is said. */
    static void makeUsable(Handle handle, Arn key, UUID id, boolean enable) {
        handle.execute(
                "UPDATE kms_key SET current_id = COALESCE(current_id, ?),"
                        + " state = CASE WHEN ? AND state = 'Disabled' THEN 'Enabled'"
                        + " ELSE state END"
                        + " WHERE arn = ?",
                id.toString(),
                enable,
                key.toString());
    }

    static int setExpired(Handle handle, Arn key, UUID id, boolean expired) {
        return expired
                ? BackingKeyTable.move(handle, key, id, ACTIVE, EXPIRED)
                : BackingKeyTable.move(handle, key, id, EXPIRED, ACTIVE);
    }

    static int beginDeletion(Handle handle, Arn key, UUID id) {
        return BackingKeyTable.move(handle, key, id, ACTIVE, DESTROYING)
                + BackingKeyTable.move(handle, key, id, EXPIRED, DESTROYING);
    }

    static int endDeletion(Handle handle, Arn key, UUID id, boolean keep) {
        return keep
                ? BackingKeyTable.move(handle, key, id, DESTROYING, PENDING_IMPORT)
                : BackingKeyTable.remove(handle, key, id, DESTROYING);
    }

    private static int setToken(Handle handle, Arn key, UUID id, String token) {
        return handle.execute(
                "UPDATE backing_key SET token = ? WHERE key_arn = ? AND id = ?",
                token,
                key.toString(),
                id.toString());
    }

    static int setTerms(Handle handle, Arn key, UUID id, ImportTerms terms) {
        return handle.createUpdate(
                        "UPDATE backing_key SET description = :description, valid_to = :valid_to"
                                + " WHERE key_arn = :key AND id = :id AND state = 'ACTIVE'")
                .bindMap(Rows.terms(Optional.of(terms)))
                .bind("key", key.toString())
                .bind("id", id.toString())
                .execute();
    }

    static int rotatedTo(Handle handle, Arn key, UUID id, Instant now) {
        return handle.execute(
                "UPDATE backing_key SET rotation = 'ON_DEMAND', created_at = ?"
                        + " WHERE key_arn = ? AND id = ? AND state = 'ACTIVE'"
                        + " AND rotation IS NULL AND description IS NOT NULL",
                now.toEpochMilli(),
                key.toString(),
                id.toString());
    }
}
