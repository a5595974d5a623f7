package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.RotationType;
import io.keyhold.key.Schedule;
import io.keyhold.key.Tags;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Rows to nouns and back. */
final class Rows {

    private static final HexFormat HEX = HexFormat.of();

    private Rows() {}

    /**
     * A key row, as it shows, with the backing keys that belong to it; while the key is being
     * created, the first one stands in for current.
     */
    static KeyRecord key(
            ResultSet row, Map<String, String> uniqueIds, Tags tags, List<BackingKey> backingKeys)
            throws SQLException {
        String current = row.getString("current_id");
        boolean begun = current == null && row.getInt("live") == 0 && !backingKeys.isEmpty();
        UUID currentId = current == null ? null : UUID.fromString(current);
        return new KeyRecord(
                        KeyId.parse(row.getString("key_id")).orElseThrow(),
                        Arn.parse(row.getString("arn")).orElseThrow(),
                        KeySpec.valueOf(row.getString("spec")),
                        KeyUsage.valueOf(row.getString("key_usage")),
                        KeyOrigin.valueOf(row.getString("origin")),
                        KeyManager.valueOf(row.getString("manager")),
                        KeyState.valueOf(row.getString("state")),
                        row.getString("description"),
                        new KeyPolicy(row.getString("policy"), uniqueIds),
                        tags,
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        schedule(row),
                        row.getLong("version"),
                        begun ? backingKeys.getFirst().id() : currentId,
                        backingKeys)
                .shown();
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        Optional<Instant> rotation = instant(row, "next_rotation");
        Optional<Instant> deletion = instant(row, "deletion_date");
        int days = row.getInt("rotation_days");
        Duration hold = Duration.ofMillis(row.getLong("deletion_hold"));
        return new Schedule(
                rotation.map(next -> new Schedule.Rotation(days, next)),
                deletion.map(date -> new Schedule.Deletion(date, hold)));
    }

    /** A time that may be missing. */
    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    static <S extends SqlStatement<S>> S bind(S statement, Schedule schedule) {
        Optional<Schedule.Rotation> rotation = schedule.rotation();
        Optional<Schedule.Deletion> deletion = schedule.deletion();
        return statement
                .bind("rotation_days", rotation.map(Schedule.Rotation::periodInDays).orElse(null))
                .bind("next_rotation", rotation.map(r -> r.next().toEpochMilli()).orElse(null))
                .bind("deletion_date", deletion.map(d -> d.date().toEpochMilli()).orElse(null))
                .bind("deletion_hold", deletion.map(d -> d.hold().toMillis()).orElse(null));
    }

    static BackingKey backingKey(ResultSet row) throws SQLException {
        String canary = row.getString("canary");
        String rotation = row.getString("rotation");
        Optional<Instant> validTo = instant(row, "valid_to");
        return new BackingKey(
                UUID.fromString(row.getString("id")),
                row.getInt("generation"),
                UUID.fromString(row.getString("cka_id")),
                row.getString("token"),
                BackingKeyState.valueOf(row.getString("state")),
                canary == null ? null : new Canary(HEX.parseHex(canary)),
                rotation == null ? null : RotationType.valueOf(rotation),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("key_material_id"),
                Optional.ofNullable(row.getString("description"))
                        .map(description -> new ImportTerms(description, validTo)));
    }

    static <S extends SqlStatement<S>> S bind(S statement, KeyRecord key) {
        return statement
                .bind("arn", key.arn().toString())
                .bind("key_id", key.id().toString())
                .bind("spec", key.spec().name())
                .bind("key_usage", key.usage().name())
                .bind("origin", key.origin().name())
                .bind("manager", key.manager().name())
                .bind("state", key.state().name())
                .bind("description", key.description())
                .bind("policy", key.policy().document())
                .bind("created_at", key.createdAt().toEpochMilli())
                .bind("version", key.version());
    }

    static <S extends SqlStatement<S>> S bind(S statement, Arn key, BackingKey backing) {
        return statement
                .bind("id", backing.id().toString())
                .bind("key_arn", key.toString())
                .bind("generation", backing.generation())
                .bind("cka_id", backing.ckaId().toString())
                .bind("token", backing.token())
                .bind("state", backing.state().name())
                .bind("canary", hex(backing.canary()))
                .bind("rotation", name(backing.rotation()))
                .bind("created_at", backing.createdAt().toEpochMilli())
                .bind("key_material_id", backing.keyMaterialId())
                .bindMap(terms(backing.imported()));
    }

    /** The columns that are null unless material was imported. */
    static Map<String, @Nullable Object> terms(Optional<ImportTerms> imported) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("description", imported.map(ImportTerms::description).orElse(null));
        columns.put(
                "valid_to",
                imported.flatMap(ImportTerms::validTo).map(Instant::toEpochMilli).orElse(null));
        return columns;
    }

    static @Nullable String hex(@Nullable Canary canary) {
        return canary == null ? null : HEX.formatHex(canary.bytes());
    }

    private static @Nullable String name(@Nullable RotationType rotation) {
        return rotation == null ? null : rotation.name();
    }
}
