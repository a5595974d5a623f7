package io.keyhold.store.sql;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * A table of pairs that belong to an owner, such as tags.
 *
 * @param owner the column that says whose a pair is
 * @param second empty if there is no second column: then the first one alone counts
 */
record PairTable(String table, String owner, String first, String second) {

    static final PairTable TAGS =
            new PairTable("identity_tag", "unique_id", "tag_key", "tag_value");
    static final PairTable INLINE =
            new PairTable("identity_policy", "unique_id", "name", "document");
    static final PairTable ATTACHED =
            new PairTable("identity_attachment", "unique_id", "policy_arn", "");
    static final PairTable GROUPS = new PairTable("identity_group", "unique_id", "group_name", "");
    static final PairTable TRUSTED =
            new PairTable("trust_binding", "unique_id", "principal_arn", "principal_id");
    static final PairTable KEY_POLICY =
            new PairTable("key_policy_binding", "key_arn", "principal_arn", "principal_id");

    /** All pairs, by owner. */
    Map<String, NavigableMap<String, String>> all(Handle handle) {
        Map<String, NavigableMap<String, String>> byOwner = new HashMap<>();
        handle.createQuery("SELECT " + columns() + " FROM " + table)
                .map(
                        (row, context) ->
                                byOwner.computeIfAbsent(row.getString(1), o -> new TreeMap<>())
                                        .put(
                                                row.getString(2),
                                                second.isEmpty() ? "" : row.getString(3)))
                .list();
        return byOwner;
    }

    /** The pairs of one owner. */
    Map<String, String> of(Handle handle, String key) {
        Map<String, String> pairs = new HashMap<>();
        handle.createQuery("SELECT " + columns() + " FROM " + table + " WHERE " + owner + " = :key")
                .bind("key", key)
                .map((row, context) -> pairs.put(row.getString(2), row.getString(3)))
                .list();
        return pairs;
    }

    /** Replaces what an owner has. */
    void replace(Handle handle, String key, Map<String, String> pairs) {
        delete(handle, key);
        String marks = second.isEmpty() ? "(?, ?)" : "(?, ?, ?)";
        String insert = "INSERT INTO " + table + " (" + columns() + ") VALUES " + marks;
        pairs.forEach(
                (name, value) -> {
                    if (second.isEmpty()) {
                        handle.execute(insert, key, name);
                    } else {
                        handle.execute(insert, key, name, value);
                    }
                });
    }

    /** Likewise, of a table without a second column. */
    void replace(Handle handle, String key, Collection<?> names) {
        replace(
                handle,
                key,
                names.stream().collect(Collectors.toMap(Object::toString, name -> "")));
    }

    void delete(Handle handle, String key) {
        handle.execute("DELETE FROM " + table + " WHERE " + owner + " = ?", key);
    }

    private String columns() {
        return owner + ", " + first + (second.isEmpty() ? "" : ", " + second);
    }
}
