package io.keyhold.store.sql;

import io.keyhold.iam.AccessKey;
import io.keyhold.key.Arn;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Access keys. */
final class AccessKeyTable {

    private AccessKeyTable() {}

    static List<AccessKey> all(Handle handle) {
        return handle.createQuery(
                        "SELECT k.id, i.arn, k.user_id, k.status, k.created_at, k.sealed_secret"
                                + " FROM iam_access_key k JOIN identity i"
                                + " ON i.unique_id = k.user_id")
                .map(
                        (row, context) ->
                                new AccessKey(
                                        row.getString("id"),
                                        Arn.parse(row.getString("arn")).orElseThrow(),
                                        row.getString("user_id"),
                                        AccessKey.Status.valueOf(row.getString("status")),
                                        Instant.ofEpochMilli(row.getLong("created_at")),
                                        row.getString("sealed_secret")))
                .list();
    }

    static void insert(Handle handle, AccessKey key) {
        handle.execute(
                "INSERT INTO iam_access_key (id, user_id, status, created_at, sealed_secret)"
                        + " VALUES (?, ?, ?, ?, ?)",
                key.id(),
                key.userId(),
                key.status().name(),
                key.createdAt().toEpochMilli(),
                key.sealedSecret());
    }

    static int update(Handle handle, AccessKey key) {
        return handle.execute(
                "UPDATE iam_access_key SET status = ? WHERE id = ?", key.status().name(), key.id());
    }

    static int delete(Handle handle, AccessKey key) {
        return handle.execute("DELETE FROM iam_access_key WHERE id = ?", key.id());
    }
}
