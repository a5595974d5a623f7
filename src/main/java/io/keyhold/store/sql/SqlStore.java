package io.keyhold.store.sql;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.Grant;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.Schedule;
import io.keyhold.key.ServiceKey;
import io.keyhold.key.Tags;
import io.keyhold.store.CopyMark;
import io.keyhold.store.DirectoryStore;
import io.keyhold.store.JobStore;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.Mistrust;
import io.keyhold.store.UsageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metadata in a SQL database. */
public final class SqlStore implements MetadataStore {

    private static final Logger log = LoggerFactory.getLogger(SqlStore.class);

    private static final String KEY_COLUMNS =
            "arn, key_id, spec, key_usage, origin, manager, state, description, policy,"
                    + " created_at, rotation_days, next_rotation, deletion_date, deletion_hold,"
                    + " version, current_id, live";
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private SqlStore(Dialect dialect) {
        pool = new HikariDataSource(dialect.pool());
        jdbi = Jdbi.create(pool);
        try {
            Migrations.apply(jdbi);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        log.info("metadata is in {}", dialect.name());
    }

    /** What a database is for: once for an emulator, it is for nothing else, and never before. */
    public enum Use {
        /** Whoever uses its keys has proved who he is. */
        NORMAL,
        /** Anybody may have used its keys. */
        EMULATOR
    }

    /** Opens, and makes if needed, a SQLite database in one file. */
    public static SqlStore sqlite(Path file, Use use) throws IOException {
        SqliteFile database = new SqliteFile(file);
        if (!Files.exists(file)) {
            database.create();
        }
        database.require(use);
        Optional<CopyMark> mark = database.mark();
        if (mark.isPresent()) {
            throw new IOException(
                    file
                            + " is a copy of "
                            + mark.get().takenAt()
                            + " that was not restored: keyhold restore does that");
        }
        try {
            return new SqlStore(new Dialect.Sqlite(file));
        } catch (PoolInitializationException | JdbiException e) {
            throw new IOException(file + " cannot be used as the database", e.getCause());
        }
    }

    /** The accounts and identities that the same database holds. */
    public DirectoryStore directory() {
        return new SqlDirectoryStore(jdbi);
    }

    @Override
    public JobStore jobs() {
        return new SqlJobStore(jdbi);
    }

    @Override
    public UsageStore usage() {
        return new SqlUsageStore(jdbi);
    }

    @Override
    public List<KeyRecord> keys() {
        return jdbi.inTransaction(
                handle -> {
                    Map<String, List<BackingKey>> active = BackingKeyTable.all(handle);
                    Map<String, Tags> tags = TagTable.all(handle);
                    Map<String, NavigableMap<String, String>> uniqueIds =
                            PairTable.KEY_POLICY.all(handle);
                    return handle.createQuery(
                                    "SELECT " + KEY_COLUMNS + " FROM kms_key WHERE live = 1")
                            .map(
                                    (row, context) ->
                                            Rows.key(
                                                    row,
                                                    uniqueIds.getOrDefault(
                                                            row.getString("arn"), new TreeMap<>()),
                                                    tags.getOrDefault(
                                                            row.getString("arn"), Tags.NONE),
                                                    active.getOrDefault(
                                                            row.getString("arn"), List.of())))
                            .list();
                });
    }

    @Override
    public Optional<KeyRecord> key(Arn key) {
        return jdbi.inTransaction(
                handle ->
                        handle.createQuery("SELECT 1 FROM kms_key WHERE arn = ? AND live = 1")
                                .bind(0, key.toString())
                                .mapTo(Integer.class)
                                .findFirst()
                                .map(there -> key(handle, key.toString())));
    }

    @Override
    public List<Unfinished> unfinished() {
        return jdbi.inTransaction(
                handle -> {
                    List<Unfinished> found = new ArrayList<>();
                    BackingKeyTable.all(handle, BackingKeyState.CREATING)
                            .forEach(
                                    (arn, creating) ->
                                            creating.forEach(
                                                    backing ->
                                                            found.add(
                                                                    new Unfinished(
                                                                            key(
                                                                                    handle, arn,
                                                                                    backing),
                                                                            backing))));
                    return found;
                });
    }

    @Override
    public void beginKey(KeyRecord draft) {
        jdbi.useTransaction(
                handle -> {
                    insert(handle, draft, false);
                    BackingKeyTable.insert(handle, draft.arn(), draft.current());
                });
    }

    @Override
    public KeyRecord createKey(KeyRecord draft) {
        return jdbi.inTransaction(
                handle -> {
                    insert(handle, draft, true);
                    return key(handle, draft.arn().toString());
                });
    }

    @Override
    public void beginImportAgain(Arn key, UUID backingId, String token) {
        jdbi.useTransaction(handle -> ImportedMaterials.beginAgain(handle, key, backingId, token));
    }

    @Override
    public KeyRecord activateImported(
            Arn key,
            UUID backingId,
            Canary canary,
            ImportTerms terms,
            long encryptions,
            boolean enable) {
        return counted(
                key,
                handle -> {
                    one(BackingKeyTable.activate(handle, key, backingId, canary, encryptions));
                    one(ImportedMaterials.setTerms(handle, key, backingId, terms));
                    ImportedMaterials.makeUsable(handle, key, backingId, enable);
                });
    }

    @Override
    public KeyRecord setExpired(Arn key, UUID backingId, boolean expired) {
        return counted(
                key, handle -> one(ImportedMaterials.setExpired(handle, key, backingId, expired)));
    }

    @Override
    public KeyRecord setTerms(Arn key, UUID backingId, ImportTerms terms) {
        return counted(
                key, handle -> one(ImportedMaterials.setTerms(handle, key, backingId, terms)));
    }

    @Override
    public KeyRecord rotateTo(Arn key, UUID backingId, Instant now) {
        return jdbi.inTransaction(
                handle -> {
                    one(ImportedMaterials.rotatedTo(handle, key, backingId, now));
                    return changed(handle, key, "current_id", backingId.toString());
                });
    }

    @Override
    public KeyRecord beginMaterialDeletion(Arn key, UUID backingId) {
        return counted(key, handle -> one(ImportedMaterials.beginDeletion(handle, key, backingId)));
    }

    @Override
    public KeyRecord endMaterialDeletion(Arn key, UUID backingId, boolean keep) {
        return counted(
                key, handle -> one(ImportedMaterials.endDeletion(handle, key, backingId, keep)));
    }

    /** A change beside the key's own row, which counts as one of the key. */
    private KeyRecord counted(Arn key, Consumer<Handle> change) {
        return jdbi.inTransaction(
                handle -> {
                    change.accept(handle);
                    return changed(handle, key, "arn", key.toString());
                });
    }

    @Override
    public void beginBackingKey(Arn key, BackingKey backing) {
        jdbi.useTransaction(handle -> BackingKeyTable.insert(handle, key, backing));
    }

    @Override
    public KeyRecord activate(
            Arn key, UUID backingId, Canary canary, long encryptions, Schedule schedule) {
        return jdbi.inTransaction(
                handle -> {
                    one(BackingKeyTable.activate(handle, key, backingId, canary, encryptions));
                    setSchedule(handle, key, schedule);
                    one(
                            handle.createUpdate(
                                            "UPDATE kms_key SET current_id = :id, live = 1,"
                                                    + " version = version + 1 WHERE arn = :key")
                                    .bind("id", backingId.toString())
                                    .bind("key", key.toString())
                                    .execute());
                    return key(handle, key.toString());
                });
    }

    @Override
    public KeyRecord adopt(Arn key, BackingKey backing, Canary canary) {
        return jdbi.inTransaction(
                handle -> {
                    BackingKeyTable.insert(handle, key, backing);
                    one(BackingKeyTable.activate(handle, key, backing.id(), canary, 0));
                    return changed(handle, key, "arn", key.toString());
                });
    }

    @Override
    public void discard(Arn key, UUID backingId) {
        jdbi.useTransaction(
                handle -> {
                    one(BackingKeyTable.discard(handle, key, backingId));
                    TagTable.discard(handle, key);
                    handle.execute(
                            "DELETE FROM key_policy_binding WHERE key_arn IN (SELECT arn FROM"
                                    + " kms_key WHERE arn = ? AND live = 0)",
                            key.toString());
                    handle.execute(
                            "DELETE FROM kms_key WHERE arn = ? AND live = 0", key.toString());
                });
    }

    @Override
    public KeyRecord setState(Arn key, KeyState state) {
        return jdbi.inTransaction(handle -> changed(handle, key, "state", state.name()));
    }

    @Override
    public KeyRecord setSchedule(Arn key, KeyState state, Schedule schedule) {
        return jdbi.inTransaction(
                handle -> {
                    setSchedule(handle, key, schedule);
                    return changed(handle, key, "state", state.name());
                });
    }

    private static void setSchedule(Handle handle, Arn key, Schedule schedule) {
        one(
                Rows.bind(
                                handle.createUpdate(
                                        "UPDATE kms_key SET rotation_days = :rotation_days,"
                                                + " next_rotation = :next_rotation,"
                                                + " deletion_date = :deletion_date,"
                                                + " deletion_hold = :deletion_hold"
                                                + " WHERE arn = :arn"),
                                schedule)
                        .bind("arn", key.toString())
                        .execute());
    }

    @Override
    public KeyRecord setDescription(Arn key, String description) {
        return jdbi.inTransaction(handle -> changed(handle, key, "description", description));
    }

    @Override
    public KeyRecord setPolicy(Arn key, KeyPolicy policy) {
        return jdbi.inTransaction(
                handle -> {
                    bindPolicy(handle, key, policy);
                    return changed(handle, key, "policy", policy.document());
                });
    }

    private static void bindPolicy(Handle handle, Arn key, KeyPolicy policy) {
        PairTable.KEY_POLICY.replace(handle, key.toString(), policy.uniqueIds());
    }

    @Override
    public KeyRecord setTags(Arn key, Tags tags) {
        return jdbi.inTransaction(
                handle -> {
                    TagTable.replace(handle, key, tags);
                    return changed(handle, key, "arn", key.toString());
                });
    }

    /** Sets one column of a key that callers know, and counts the change. */
    private static KeyRecord changed(Handle handle, Arn key, String column, String value) {
        one(
                handle.execute(
                        "UPDATE kms_key SET "
                                + column
                                + " = ?, version = version + 1"
                                + " WHERE arn = ? AND live = 1",
                        value,
                        key.toString()));
        return key(handle, key.toString());
    }

    @Override
    public long reserveEncryptions(Arn key, UUID backingId, long more) {
        return jdbi.inTransaction(
                handle -> BackingKeyTable.reserveEncryptions(handle, key, backingId, more));
    }

    @Override
    public List<UUID> reserveEncryptionsOfAll(long more, long most) {
        return jdbi.inTransaction(
                handle -> BackingKeyTable.reserveEncryptionsOfAll(handle, more, most));
    }

    @Override
    public Mistrust.Outcome mistrust(Mistrust mistrust) {
        return jdbi.inTransaction(handle -> MistrustedKeys.apply(handle, mistrust));
    }

    @Override
    public List<Arn> worn(long encryptions) {
        return jdbi.inTransaction(handle -> BackingKeyTable.worn(handle, encryptions));
    }

    @Override
    public void beginDestruction(Arn key) {
        jdbi.useTransaction(handle -> DeletedKeyTable.begin(handle, key));
    }

    @Override
    public List<Doomed> doomed() {
        return jdbi.inTransaction(DeletedKeyTable::doomed);
    }

    @Override
    public void bury(Arn key, Instant now) {
        jdbi.useTransaction(handle -> DeletedKeyTable.bury(handle, key, now));
    }

    @Override
    public List<Tombstone> tombstones() {
        return jdbi.inTransaction(DeletedKeyTable::all);
    }

    @Override
    public List<Alias> aliases() {
        return jdbi.inTransaction(AliasTable::all);
    }

    @Override
    public void createAlias(Alias alias) {
        jdbi.useTransaction(handle -> one(AliasTable.insert(handle, alias)));
    }

    @Override
    public void updateAlias(Alias alias) {
        jdbi.useTransaction(handle -> one(AliasTable.update(handle, alias)));
    }

    @Override
    public void deleteAlias(Arn alias) {
        jdbi.useTransaction(handle -> one(AliasTable.delete(handle, alias)));
    }

    @Override
    public List<ServiceKey> serviceKeys() {
        return jdbi.inTransaction(ServiceKeyTable::all);
    }

    @Override
    public void putServiceKey(ServiceKey chosen) {
        jdbi.useTransaction(handle -> ServiceKeyTable.put(handle, chosen));
    }

    @Override
    public void deleteServiceKey(ServiceKey chosen) {
        jdbi.useTransaction(handle -> one(ServiceKeyTable.delete(handle, chosen)));
    }

    @Override
    public List<Grant> grants() {
        return jdbi.inTransaction(GrantTable::all);
    }

    @Override
    public void createGrant(Grant grant) {
        jdbi.useTransaction(handle -> GrantTable.insert(handle, grant));
    }

    @Override
    public void deleteGrant(Grant grant) {
        jdbi.useTransaction(handle -> one(GrantTable.delete(handle, grant)));
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void insert(Handle handle, KeyRecord draft, boolean live) {
        DeletedKeyTable.requireNew(handle, draft.arn());
        Rows.bind(
                        Rows.bind(
                                handle.createUpdate(
                                        "INSERT INTO kms_key ("
                                                + KEY_COLUMNS
                                                + ") VALUES (:arn, :key_id, :spec, :key_usage,"
                                                + " :origin, :manager, :state, :description,"
                                                + " :policy, :created_at, :rotation_days,"
                                                + " :next_rotation, :deletion_date,"
                                                + " :deletion_hold, :version, NULL, :live)"),
                                draft),
                        draft.schedule())
                .bind("live", live ? 1 : 0)
                .execute();
        TagTable.replace(handle, draft.arn(), draft.tags());
        bindPolicy(handle, draft.arn(), draft.policy());
    }

    private static KeyRecord key(Handle handle, String arn, BackingKey... creating) {
        List<BackingKey> known = BackingKeyTable.of(handle, arn);
        return handle.createQuery("SELECT " + KEY_COLUMNS + " FROM kms_key WHERE arn = :arn")
                .bind("arn", arn)
                .map(
                        (row, context) ->
                                Rows.key(
                                        row,
                                        PairTable.KEY_POLICY.of(handle, arn),
                                        TagTable.of(handle, arn),
                                        known.isEmpty() ? List.of(creating) : known))
                .one();
    }

    /** Fails the transaction unless one row changed. */
    static void one(int rows) {
        if (rows != 1) {
            throw new IllegalStateException(rows + " rows changed where one should");
        }
    }
}
