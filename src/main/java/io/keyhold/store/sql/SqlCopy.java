package io.keyhold.store.sql;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.keyhold.key.Arn;
import io.keyhold.store.CopyMark;
import io.keyhold.store.CopyStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;

/** Copies of a SQLite database in one file, which say that they are copies. */
public final class SqlCopy implements CopyStore {

    private static final String PUT_OFF =
            """
            UPDATE kms_key SET
              deletion_date = MAX(deletion_date, :not_before),
              deletion_hold = MAX(COALESCE(deletion_hold, 0),
                                  :hold + COALESCE((SELECT running FROM jobs_clock), 0))
            WHERE state = 'PendingDeletion' RETURNING arn
            """;

    private final Path database;
    private final SqliteFile work;
    private final CopyMark mark;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private SqlCopy(Path database, SqliteFile work, CopyMark mark) {
        this.database = database;
        this.work = work;
        this.mark = mark;
        pool = new HikariDataSource(new Dialect.Sqlite(work.path()).pool());
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
        SqliteFile part = new SqliteFile(file.resolveSibling(file.getFileName() + ".part"));
        part.delete();
        part.create();
        try {
            new SqliteFile(database).execute("VACUUM INTO ?", part.path().toString());
            part.setMark(mark);
            part.requireWhole();
            part.sync();
            Files.move(part.path(), file); // never over another file
            new SqliteFile(file).sync();
        } catch (SQLException e) {
            throw new IOException(database + " cannot be copied to " + file, e);
        } finally {
            part.delete();
        }
    }

    /**
     * Opens a copy, or rather one of it that lies beside the database that it can replace.
     *
     * @throws IOException if the file is none that {@link #take} has made, or is damaged
     */
    public static SqlCopy open(Path file, Path database) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        CopyMark mark =
                new SqliteFile(file)
                        .mark()
                        .orElseThrow(
                                () ->
                                        new IOException(
                                                file + " is no copy that keyhold backup made"));
        SqliteFile work =
                new SqliteFile(database.resolveSibling(database.getFileName() + ".restoring"));
        try {
            work.delete();
            work.create();
            try (OutputStream out = Files.newOutputStream(work.path())) {
                Files.copy(file, out);
            }
            work.requireWhole();
            return new SqlCopy(database, work, mark);
        } catch (SQLException | PoolInitializationException | JdbiException e) {
            work.delete();
            throw new IOException(file + " cannot be used as the database", e);
        } catch (IOException | RuntimeException e) {
            work.delete();
            throw e;
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
                                    handle.createQuery(PUT_OFF)
                                            .bind("hold", hold.toMillis())
                                            .bind("not_before", notBefore.toEpochMilli()));
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
        work.sync();
        new SqliteFile(database).moveTo(former);
        Files.move(work.path(), database, StandardCopyOption.ATOMIC_MOVE);
        new SqliteFile(database).sync();
        return Optional.of(former).filter(Files::exists);
    }

    /**
     * Of all material of symmetric keys with Keyhold's own material, or with other: what is being
     * created in the copy may have been current since.
     *
     * @return the keys whose current material it was
     */
    private static List<Arn> raise(Handle handle, String own, long encryptions) {
        String keys = " FROM kms_key WHERE spec = 'SYMMETRIC_DEFAULT' AND origin " + own;
        handle.createUpdate(
                        "UPDATE backing_key SET encryptions = MAX(encryptions, :value)"
                                + " WHERE key_arn IN (SELECT arn"
                                + keys
                                + " 'AWS_KMS')")
                .bind("value", encryptions)
                .execute();
        return arns(
                handle.createQuery("SELECT arn" + keys + " 'AWS_KMS' AND current_id IS NOT NULL"));
    }

    private static List<Arn> arns(Query query) {
        return query.map((row, context) -> Arn.parse(row.getString(1)).orElseThrow()).list();
    }

    /** What was not installed is nothing any more. */
    @Override
    public void close() throws IOException {
        pool.close();
        work.delete();
    }
}
