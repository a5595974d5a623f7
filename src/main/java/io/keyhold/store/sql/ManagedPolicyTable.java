package io.keyhold.store.sql;

import io.keyhold.iam.ManagedPolicy;
import io.keyhold.iam.ManagedPolicy.Version;
import io.keyhold.key.Arn;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** Managed policies and their versions. */
final class ManagedPolicyTable {

    private ManagedPolicyTable() {}

    static List<ManagedPolicy> all(Handle handle) {
        Map<String, NavigableMap<Integer, Version>> versions = versions(handle);
        return handle.createQuery(
                        "SELECT unique_id, arn, description, created_at, updated_at,"
                                + " default_version, last_version FROM managed_policy")
                .map(
                        (row, context) ->
                                new ManagedPolicy(
                                        Arn.parse(row.getString("arn")).orElseThrow(),
                                        row.getString("unique_id"),
                                        row.getString("description"),
                                        Instant.ofEpochMilli(row.getLong("created_at")),
                                        Instant.ofEpochMilli(row.getLong("updated_at")),
                                        Objects.requireNonNull(
                                                versions.get(row.getString("unique_id"))),
                                        row.getInt("default_version"),
                                        row.getInt("last_version")))
                .list();
    }

    static void insert(Handle handle, ManagedPolicy policy) {
        handle.execute(
                "INSERT INTO managed_policy (unique_id, arn, description, created_at, updated_at,"
                        + " default_version, last_version) VALUES (?, ?, ?, ?, ?, ?, ?)",
                policy.uniqueId(),
                policy.arn().toString(),
                policy.description(),
                policy.createdAt().toEpochMilli(),
                policy.updatedAt().toEpochMilli(),
                policy.defaultVersion(),
                policy.lastVersion());
        insertVersions(handle, policy);
    }

    static int update(Handle handle, ManagedPolicy policy) {
        deleteVersions(handle, policy);
        int updated =
                handle.execute(
                        "UPDATE managed_policy SET updated_at = ?, default_version = ?,"
                                + " last_version = ? WHERE unique_id = ?",
                        policy.updatedAt().toEpochMilli(),
                        policy.defaultVersion(),
                        policy.lastVersion(),
                        policy.uniqueId());
        insertVersions(handle, policy);
        return updated;
    }

    static int delete(Handle handle, ManagedPolicy policy) {
        deleteVersions(handle, policy);
        return handle.execute("DELETE FROM managed_policy WHERE unique_id = ?", policy.uniqueId());
    }

    private static void deleteVersions(Handle handle, ManagedPolicy policy) {
        handle.execute("DELETE FROM managed_policy_version WHERE unique_id = ?", policy.uniqueId());
    }

    private static void insertVersions(Handle handle, ManagedPolicy policy) {
        for (Version version : policy.versions().values()) {
            handle.execute(
                    "INSERT INTO managed_policy_version (unique_id, number, document, created_at)"
                            + " VALUES (?, ?, ?, ?)",
                    policy.uniqueId(),
                    version.number(),
                    version.document(),
                    version.createdAt().toEpochMilli());
        }
    }

    private static Map<String, NavigableMap<Integer, Version>> versions(Handle handle) {
        Map<String, NavigableMap<Integer, Version>> byPolicy = new HashMap<>();
        handle.createQuery(
                        "SELECT unique_id, number, document, created_at FROM"
                                + " managed_policy_version")
                .map(
                        (row, context) ->
                                byPolicy.computeIfAbsent(row.getString(1), id -> new TreeMap<>())
                                        .put(
                                                row.getInt(2),
                                                new Version(
                                                        row.getInt(2),
                                                        row.getString(3),
                                                        Instant.ofEpochMilli(row.getLong(4)))))
                .list();
        return byPolicy;
    }
}
