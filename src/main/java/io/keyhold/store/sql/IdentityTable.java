package io.keyhold.store.sql;

import io.keyhold.iam.Entity;
import io.keyhold.iam.Permissions;
import io.keyhold.iam.RoleTerms;
import io.keyhold.key.Arn;
import io.keyhold.key.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Users, groups and roles. */
final class IdentityTable {

    private static final List<PairTable> PARTS =
            List.of(
                    PairTable.TAGS,
                    PairTable.INLINE,
                    PairTable.ATTACHED,
                    PairTable.GROUPS,
                    PairTable.TRUSTED);

    private IdentityTable() {}

    static List<Entity> all(Handle handle) {
        Parts parts =
                new Parts(
                        PairTable.TAGS.all(handle),
                        PairTable.INLINE.all(handle),
                        PairTable.ATTACHED.all(handle),
                        PairTable.GROUPS.all(handle),
                        PairTable.TRUSTED.all(handle));
        return handle.createQuery(
                        "SELECT unique_id, arn, created_at, boundary, trust, description,"
                                + " max_session FROM identity")
                .map((row, context) -> entity(row, parts))
                .list();
    }

    static void insert(Handle handle, Entity entity) {
        handle.execute(
                "INSERT INTO identity (unique_id, arn, created_at, boundary, trust, description,"
                        + " max_session) VALUES (?, ?, ?, ?, ?, ?, ?)",
                entity.uniqueId(),
                entity.arn().toString(),
                entity.createdAt().toEpochMilli(),
                boundary(entity),
                entity.role().map(RoleTerms::trust).orElse(null),
                entity.role().map(RoleTerms::description).orElse(null),
                entity.role().map(RoleTerms::maxSessionSeconds).orElse(null));
        insertParts(handle, entity);
    }

    static int update(Handle handle, Entity entity) {
        int updated =
                handle.execute(
                        "UPDATE identity SET boundary = ?, trust = ?, description = ?,"
                                + " max_session = ? WHERE unique_id = ?",
                        boundary(entity),
                        entity.role().map(RoleTerms::trust).orElse(null),
                        entity.role().map(RoleTerms::description).orElse(null),
                        entity.role().map(RoleTerms::maxSessionSeconds).orElse(null),
                        entity.uniqueId());
        insertParts(handle, entity);
        return updated;
    }

    static int delete(Handle handle, Entity entity) {
        PARTS.forEach(part -> part.delete(handle, entity.uniqueId()));
        return handle.execute("DELETE FROM identity WHERE unique_id = ?", entity.uniqueId());
    }

    private static void insertParts(Handle handle, Entity entity) {
        String id = entity.uniqueId();
        PairTable.TAGS.replace(handle, id, entity.tags().values());
        PairTable.INLINE.replace(handle, id, entity.permissions().inline());
        PairTable.ATTACHED.replace(handle, id, entity.permissions().attached());
        PairTable.GROUPS.replace(handle, id, entity.groups());
        PairTable.TRUSTED.replace(
                handle, id, entity.role().map(RoleTerms::uniqueIds).orElse(Map.of()));
    }

    private static @Nullable String boundary(Entity entity) {
        return entity.permissions().boundary().map(Arn::toString).orElse(null);
    }

    private static Entity entity(ResultSet row, Parts parts) throws SQLException {
        String id = row.getString("unique_id");
        return new Entity(
                Arn.parse(row.getString("arn")).orElseThrow(),
                id,
                Instant.ofEpochMilli(row.getLong("created_at")),
                new Tags(of(id, parts.tags)),
                new Permissions(
                        of(id, parts.inline),
                        of(id, parts.attached).keySet().stream()
                                .map(arn -> Arn.parse(arn).orElseThrow())
                                .collect(Collectors.toSet()),
                        Optional.ofNullable(row.getString("boundary")).flatMap(Arn::parse)),
                of(id, parts.groups).keySet(),
                role(row, of(id, parts.trusted)));
    }

    private static Optional<RoleTerms> role(ResultSet row, Map<String, String> trusted)
            throws SQLException {
        String trust = row.getString("trust");
        return trust == null
                ? Optional.empty()
                : Optional.of(
                        new RoleTerms(
                                trust,
                                trusted,
                                row.getString("description"),
                                row.getInt("max_session")));
    }

    private static NavigableMap<String, String> of(
            String id, Map<String, NavigableMap<String, String>> all) {
        return all.getOrDefault(id, new TreeMap<>());
    }

    /** What else belongs to identities, by their unique IDs. */
    private record Parts(
            Map<String, NavigableMap<String, String>> tags,
            Map<String, NavigableMap<String, String>> inline,
            Map<String, NavigableMap<String, String>> attached,
            Map<String, NavigableMap<String, String>> groups,
            Map<String, NavigableMap<String, String>> trusted) {}
}
