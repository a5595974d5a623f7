package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The materials of keys. */
final class BackingKeyTable {

    private static final String COLUMNS =
            "id, key_arn, generation, cka_id, token, state, canary, rotation, created_at,"
                    + " key_material_id, description, valid_to";

    private BackingKeyTable() {}

    static void insert(Handle handle, Arn key, BackingKey backing) {
        Rows.bind(
                        handle.createUpdate(
                                "INSERT INTO backing_key ("
                                        + COLUMNS
                                        + ") VALUES (:id, :key_arn, :generation, :cka_id, :token,"
                                        + " :state, :canary, :rotation, :created_at,"
                                        + " :key_material_id, :description, :valid_to)"),
                        key,
                        backing)
                .execute();
    }

    /** Those of a key that are in a state, oldest first. */
    static List<BackingKey> of(Handle handle, String key, BackingKeyState state) {
        return select(handle, "key_arn = ? AND state = ?", key, state.name())
                .map((row, context) -> Rows.backingKey(row))
                .list();
    }

    /** Those of a key that are or were active, oldest first. */
    static List<BackingKey> of(Handle handle, String key) {
        return select(handle, "key_arn = ? AND canary IS NOT NULL", key)
                .map((row, context) -> Rows.backingKey(row))
                .list();
    }

    /** Those of every key that are in a state, by its ARN. */
    static Map<String, List<BackingKey>> all(Handle handle, BackingKeyState state) {
        return byKey(select(handle, "state = ?", state.name()));
    }

    /** Those of every key that are or were active, by its ARN. */
    static Map<String, List<BackingKey>> all(Handle handle) {
        return byKey(select(handle, "canary IS NOT NULL"));
    }

    private static Query select(Handle handle, String which, String... values) {
        Query query =
                handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM backing_key WHERE "
                                + which
                                + " ORDER BY generation");
        for (int i = 0; i < values.length; i++) {
            query.bind(i, values[i]);
        }
        return query;
    }

    private static Map<String, List<BackingKey>> byKey(Query query) {
        Map<String, List<BackingKey>> byKey = new HashMap<>();
        query.map((row, context) -> Map.entry(row.getString("key_arn"), Rows.backingKey(row)))
                .forEach(
                        entry ->
                                byKey.computeIfAbsent(entry.getKey(), arn -> new ArrayList<>())
                                        .add(entry.getValue()));
        return byKey;
    }

    static int activate(Handle handle, Arn key, UUID id, Canary canary, long encryptions) {
        return handle.createUpdate(
                        "UPDATE backing_key SET state = 'ACTIVE', canary = :canary,"
                                + " encryptions = encryptions + :encryptions"
                                + " WHERE key_arn = :key AND id = :id AND state = 'CREATING'")
                .bind("canary", Rows.hex(canary))
                .bind("encryptions", encryptions)
                .bind("key", key.toString())
                .bind("id", id.toString())
                .execute();
    }

    static int discard(Handle handle, Arn key, UUID id) {
        return move(handle, key, id, BackingKeyState.CREATING, BackingKeyState.PENDING_IMPORT)
                + remove(handle, key, id, BackingKeyState.CREATING);
    }

    /** Removes a row. */
    static int remove(Handle handle, Arn key, UUID id, BackingKeyState from) {
        return handle.execute(
                "DELETE FROM backing_key WHERE key_arn = ? AND id = ? AND state = ?",
                key.toString(),
                id.toString(),
                from.name());
    }

    /** Another state of a row that was active once. */
    static int move(Handle handle, Arn key, UUID id, BackingKeyState from, BackingKeyState to) {
        return handle.execute(
                "UPDATE backing_key SET state = ?"
                        + " WHERE key_arn = ? AND id = ? AND state = ? AND canary IS NOT NULL",
                to.name(),
                key.toString(),
                id.toString(),
                from.name());
    }

    static long reserveEncryptions(Handle handle, Arn key, UUID id, long more) {
        return handle.createQuery(
                        "UPDATE backing_key SET encryptions = encryptions + :more"
                                + " WHERE key_arn = :key AND id = :id AND state = 'ACTIVE'"
                                + " RETURNING encryptions")
                .bind("more", more)
                .bind("key", key.toString())
                .bind("id", id.toString())
                .mapTo(Long.class)
                .one();
    }

    static List<UUID> reserveEncryptionsOfAll(Handle handle, long more, long most) {
        return handle.createQuery(
                        "UPDATE backing_key SET encryptions = encryptions + :more"
                                + " WHERE state = 'ACTIVE' AND encryptions + :more <= :most"
                                + " AND id = (SELECT current_id FROM kms_key WHERE arn = key_arn)"
                                + " RETURNING cka_id")
                .bind("more", more)
                .bind("most", most)
                .map((row, context) -> UUID.fromString(row.getString(1)))
                .list();
    }

    static List<Arn> worn(Handle handle, long encryptions) {
        return handle.createQuery(
                        "SELECT key_arn FROM backing_key b JOIN kms_key k ON k.arn = b.key_arn"
                                + " AND k.current_id = b.id WHERE encryptions >= :encryptions")
                .bind("encryptions", encryptions)
                .map((row, context) -> Arn.parse(row.getString(1)).orElseThrow())
                .list();
    }
}
