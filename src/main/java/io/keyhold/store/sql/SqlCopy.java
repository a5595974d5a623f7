package io.keyhold.store.sql;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.keyhold.key.Arn;
import io.keyhold.store.CopyMark;
import io.keyhold.store.CopyStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Copies of a SQLite database in one file, which say that they are copies. */
public final class SqlCopy implements CopyStore {

    /** SQLite's files of a database, by what they have behind its name. */
    private static final List<String> PARTS = List.of("", "-wal", "-shm");

    private final Path database;
    private final Path work;
    private final CopyMark mark;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private SqlCopy(Path database, Path work, CopyMark mark) {
        this.database = database;
        this.work = work;
        this.mark = mark;
        pool = new HikariDataSource(new Dialect.Sqlite(work).pool());
        jdbi = Jdbi.create(pool);
        try {
            Migrations.apply(jdbi);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * Takes a copy of this moment, 0600; the daemon may be at work on the database meanwhile. The
     * file appears when it is complete and durable.
     *
     * @throws IOException if the file exists, or the database cannot be read
     */
    public static void take(Path database, Path file, CopyMark mark) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        createClosed(part);
        try {
            execute(database, "VACUUM INTO ?", part.toString());
            try (Connection copy = connect(part);
                    Statement statement = copy.createStatement()) {
                statement.executeUpdate(
                        "CREATE TABLE metadata_copy (taken_at BIGINT NOT NULL,"
                                + " journal_length BIGINT NOT NULL)");
            }
            execute(
                    part,
                    "INSERT INTO metadata_copy (taken_at, journal_length) VALUES (?, ?)",
                    mark.takenAt().toEpochMilli(),
                    mark.journalLength());
            requireWhole(part);
            sync(part);
            Files.move(part, file); // never over another file
            sync(file.toAbsolutePath().resolveSibling(""));
        } catch (SQLException e) {
            throw new IOException(database + " cannot be copied", e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** What a database says of itself, if it is a copy. */
    static Optional<CopyMark> mark(Path file) throws IOException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement();
                ResultSet tables =
                        statement.executeQuery(
                                "SELECT 1 FROM sqlite_schema WHERE name = 'metadata_copy'")) {
            if (!tables.next()) {
                return Optional.empty();
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT taken_at, journal_length FROM metadata_copy")) {
                return Optional.of(
                        new CopyMark(Instant.ofEpochMilli(row.getLong(1)), row.getLong(2)));
            }
        } catch (SQLException e) {
            throw new IOException(file + " cannot be used as the database", e);
        }
    }

    /**
     * Opens a copy, or rather one of it that lies beside the database that it can replace.
     *
     * @throws IOException if the file is none that {@link #take} has made, or is damaged
     */
    public static SqlCopy open(Path file, Path database) throws IOException {
        CopyMark mark =
                mark(file)
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                file + " is no copy that keyhold backup made"));
        Path work = database.resolveSibling(database.getFileName() + ".restoring");
        try {
            delete(work);
            createClosed(work);
            try (OutputStream out = Files.newOutputStream(work)) {
                Files.copy(file, out);
            }
            requireWhole(work);
            return new SqlCopy(database, work, mark);
        } catch (SQLException | PoolInitializationException | JdbiException e) {
            delete(work);
            throw new IOException(file + " cannot be used as the database", e);
        }
    }

    @Override
    public CopyMark mark() {
        return mark;
    }

    @Override
    public int keys() {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT COUNT(*) FROM kms_key WHERE current_id IS NOT NULL")
                                .mapTo(Integer.class)
                                .one());
    }

    @Override
    public Accepted accept(long rotating, long others, Instant notBefore, Duration hold) {
        return jdbi.inTransaction(
                handle -> {
                    List<Arn> worn = raise(handle, "=", rotating);
                    List<Arn> tired = raise(handle, "<>", others);
                    List<Arn> later =
                            arns(
                                    handle,
                                    "UPDATE kms_key SET"
                                            + " deletion_date = MAX(deletion_date, :not_before),"
                                            + " deletion_hold = MAX(deletion_hold, :value"
                                            + " + COALESCE((SELECT running FROM jobs_clock), 0))"
                                            + " WHERE state = 'PendingDeletion' RETURNING arn",
                                    hold.toMillis(),
                                    notBefore.toEpochMilli());
                    handle.execute("DROP TABLE metadata_copy");
                    return new Accepted(worn.size(), tired, later);
                });
    }

    /**
     * Puts it in the place of the database, durably. It is closed then.
     *
     * @param former where the database goes, if there is one
     * @return where it is
     */
    public Optional<Path> install(Path former) throws IOException {
        pool.close();
        sync(work);
        for (String part : PARTS) {
            Path from = Path.of(database + part);
            if (Files.exists(from)) {
                Files.move(from, Path.of(former + part));
            }
        }
        Files.move(work, database, StandardCopyOption.ATOMIC_MOVE);
        sync(database.toAbsolutePath().resolveSibling(""));
        return Optional.of(former).filter(Files::exists);
    }

    /** Of the current material of symmetric keys with Keyhold's own material, or with other. */
    private static List<Arn> raise(Handle handle, String own, long encryptions) {
        return arns(
                handle,
                "UPDATE backing_key SET encryptions = MAX(encryptions, :value)"
                        + " WHERE state = 'ACTIVE' AND EXISTS (SELECT 1 FROM kms_key k WHERE"
                        + " k.arn = key_arn AND k.current_id = id AND k.spec ="
                        + " 'SYMMETRIC_DEFAULT' AND k.origin "
                        + own
                        + " 'AWS_KMS') RETURNING key_arn",
                encryptions,
                0);
    }

    private static List<Arn> arns(Handle handle, String sql, long value, long notBefore) {
        return handle.createQuery(sql)
                .bind("value", value)
                .bind("not_before", notBefore)
                .map((row, context) -> Arn.parse(row.getString(1)).orElseThrow())
                .list();
    }

    private static void requireWhole(Path file) throws SQLException, IOException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement();
                ResultSet verdict = statement.executeQuery("PRAGMA integrity_check")) {
            if (!verdict.getString(1).equals("ok")) {
                throw new IOException(file + " is damaged: " + verdict.getString(1));
            }
        }
    }

    private static void execute(Path file, String sql, Object... values) throws SQLException {
        try (Connection connection = connect(file);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static void createClosed(Path file) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            channel.force(true);
        }
    }

    private static void delete(Path file) throws IOException {
        for (String part : PARTS) {
            Files.deleteIfExists(Path.of(file + part));
        }
    }

    /** What was not installed is nothing any more. */
    @Override
    public void close() throws IOException {
        pool.close();
        delete(work);
    }
}
