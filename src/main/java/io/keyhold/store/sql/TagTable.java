package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The tags of keys. */
final class TagTable {

    private TagTable() {}

    /** By the ARN of their key. */
    static Map<String, Tags> all(Handle handle) {
        Map<String, NavigableMap<String, String>> byKey = new HashMap<>();
        handle.createQuery("SELECT key_arn, tag_key, tag_value FROM key_tag")
                .map(
                        (row, context) ->
                                byKey.computeIfAbsent(row.getString(1), arn -> new TreeMap<>())
                                        .put(row.getString(2), row.getString(3)))
                .list();
        Map<String, Tags> all = new HashMap<>();
        byKey.forEach((arn, tags) -> all.put(arn, new Tags(tags)));
        return all;
    }

    static Tags of(Handle handle, String key) {
        NavigableMap<String, String> tags = new TreeMap<>();
        handle.createQuery("SELECT tag_key, tag_value FROM key_tag WHERE key_arn = :key")
                .bind("key", key)
                .map((row, context) -> tags.put(row.getString(1), row.getString(2)))
                .list();
        return new Tags(tags);
    }

    static void replace(Handle handle, Arn key, Tags tags) {
        handle.execute("DELETE FROM key_tag WHERE key_arn = ?", key.toString());
        tags.values()
                .forEach(
                        (name, value) ->
                                handle.execute(
                                        "INSERT INTO key_tag (key_arn, tag_key, tag_value)"
                                                + " VALUES (?, ?, ?)",
                                        key.toString(),
                                        name,
                                        value));
    }

    /** Of a key that was begun and never made. */
    static void discard(Handle handle, Arn key) {
        handle.execute(
                "DELETE FROM key_tag WHERE key_arn IN"
                        + " (SELECT arn FROM kms_key WHERE arn = ? AND live = 0)",
                key.toString());
    }
}
