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

/** The materials of keys. */
final class BackingKeyTable {

    private static final String COLUMNS =
            "id, key_arn, generation, cka_id, token, state, canary, rotation, created_at,"
                    + " key_material_id";

    private BackingKeyTable() {}

    static void insert(Handle handle, Arn key, BackingKey backing) {
        Rows.bind(
                        handle.createUpdate(
                                "INSERT INTO backing_key ("
                                        + COLUMNS
                                        + ") VALUES (:id, :key_arn, :generation, :cka_id, :token,"
                                        + " :state, :canary, :rotation, :created_at,"
                                        + " :key_material_id)"),
                        key,
                        backing)
                .execute();
    }

    /** Those of a key that are in a state, oldest first. */
    static List<BackingKey> of(Handle handle, String key, BackingKeyState state) {
        return handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM backing_key WHERE key_arn = :key"
                                + " AND state = :state ORDER BY generation")
                .bind("key", key)
                .bind("state", state.name())
                .map((row, context) -> Rows.backingKey(row))
                .list();
    }

    /** Likewise of every key, by its ARN. */
    static Map<String, List<BackingKey>> all(Handle handle, BackingKeyState state) {
        Map<String, List<BackingKey>> byKey = new HashMap<>();
        handle.createQuery(
                        "SELECT "
                                + COLUMNS
                                + " FROM backing_key WHERE state = :state ORDER BY generation")
                .bind("state", state.name())
                .map((row, context) -> Map.entry(row.getString("key_arn"), Rows.backingKey(row)))
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
        return handle.execute(
                "DELETE FROM backing_key WHERE key_arn = ? AND id = ? AND state = 'CREATING'",
                key.toString(),
                id.toString());
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
