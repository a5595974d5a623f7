package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.store.MetadataStore.Doomed;
import io.keyhold.store.MetadataStore.Tombstone;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The end of keys: what is being destroyed, and what is kept for ever of those that are gone. */
final class DeletedKeyTable {

    private DeletedKeyTable() {}

    static void begin(Handle handle, Arn key) {
        handle.execute(
                "UPDATE backing_key SET state = 'DESTROYING' WHERE key_arn = ?"
                        + " AND state <> 'PENDING_IMPORT'",
                key.toString());
        SqlStore.one(
                handle.execute(
                        "UPDATE kms_key SET live = 0, version = version + 1"
                                + " WHERE arn = ? AND live = 1 AND state = 'PendingDeletion'",
                        key.toString()));
    }

    static List<Doomed> doomed(Handle handle) {
        return handle.createQuery(
                        "SELECT arn, spec, key_usage FROM kms_key"
                                + " WHERE live = 0 AND state = 'PendingDeletion'")
                .map((row, context) -> doomed(handle, row))
                .list();
    }

    private static Doomed doomed(Handle handle, ResultSet row) throws SQLException {
        String arn = row.getString("arn");
        Arn key = Arn.parse(arn).orElseThrow();
        KeyId id = key.keyId().flatMap(KeyId::parse).orElseThrow();
        KeySpec spec = KeySpec.valueOf(row.getString("spec"));
        KeyUsage usage = KeyUsage.valueOf(row.getString("key_usage"));
        return new Doomed(
                key,
                BackingKeyTable.of(handle, arn, BackingKeyState.DESTROYING).stream()
                        .map(each -> new Material(id, spec, usage, each))
                        .toList());
    }

    static void bury(Handle handle, Arn key, Instant now) {
        String arn = key.toString();
        SqlStore.one(
                handle.execute(
                        "INSERT INTO deleted_key (arn, created_at, deleted_at, materials)"
                                + " SELECT arn, created_at, ?, (SELECT COUNT(*) FROM backing_key"
                                + " WHERE key_arn = arn) FROM kms_key"
                                + " WHERE arn = ? AND live = 0",
                        now.toEpochMilli(),
                        arn));
        handle.execute(
                "DELETE FROM grant_constraint WHERE grant_id IN"
                        + " (SELECT id FROM kms_grant WHERE key_arn = ?)",
                arn);
        for (String table :
                List.of(
                        "kms_grant",
                        "alias",
                        "key_tag",
                        "key_policy_binding",
                        "key_use",
                        "backing_key")) {
            handle.execute("DELETE FROM " + table + " WHERE key_arn = ?", arn);
        }
        handle.execute("DELETE FROM kms_key WHERE arn = ?", arn);
    }

    static List<Tombstone> all(Handle handle) {
        return handle.createQuery("SELECT arn, deleted_at FROM deleted_key")
                .map(
                        (row, context) ->
                                new Tombstone(
                                        Arn.parse(row.getString(1)).orElseThrow(),
                                        Instant.ofEpochMilli(row.getLong(2))))
                .list();
    }

    /** Passes if a key of this name was never there. */
    static void requireNew(Handle handle, Arn key) {
        int before =
                handle.createQuery("SELECT COUNT(*) FROM deleted_key WHERE arn = :arn")
                        .bind("arn", key.toString())
                        .mapTo(Integer.class)
                        .one();
        if (before > 0) {
            throw new IllegalStateException(key + " was deleted, and never comes again");
        }
    }
}
