package io.keyhold.store.sql;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.keyhold.store.CopyMark;
import io.keyhold.store.CopyStore;
import io.keyhold.store.Mistrust;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Copies of a SQLite database in one file, which say that they are copies. */
public final class SqlCopy implements CopyStore {

    private final Path database;
    private final SqliteFile work;
    private final Look seen;
    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private SqlCopy(Path database, SqliteFile work, Look seen) {
        this.database = database;
        this.work = work;
        this.seen = seen;
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
            part.linkTo(file); // never over another file
            new SqliteFile(file).sync();
        } catch (SQLException e) {
            throw new IOException(database + " cannot be copied to " + file, e);
        } finally {
            part.delete();
        }
    }

    /**
     * Looks at a copy, and writes nothing.
     *
     * @throws IOException if the file is none that {@link #take} has made, or is damaged
     */
    public static Look look(Path file) throws IOException {
        SqliteFile copy = requireCopy(file);
        try {
            copy.requireWhole();
            return new Look(copy.mark().orElseThrow(), copy.count("kms_key WHERE live = 1"));
        } catch (SQLException e) {
            throw new IOException(file + " cannot be used as the database", e);
        }
    }

    /**
     * Opens a copy, or rather one of it that lies beside the database that it can replace. The
     * caller has the lock of that database.
     *
     * @throws IOException if the file is none that {@link #take} has made, or is damaged
     */
    public static SqlCopy open(Path file, Path database) throws IOException {
        Look seen = look(file);
        SqliteFile work =
                new SqliteFile(database.resolveSibling(database.getFileName() + ".restoring"));
        try {
            work.delete();
            work.create();
            try (OutputStream out = Files.newOutputStream(work.path())) {
                Files.copy(file, out);
            }
            work.requireWhole();
            return new SqlCopy(database, work, seen);
        } catch (SQLException | PoolInitializationException | JdbiException e) {
            work.delete();
            throw new IOException(file + " cannot be used as the database", e);
        } catch (IOException | RuntimeException e) {
            work.delete();
            throw e;
        }
    }

    private static SqliteFile requireCopy(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        SqliteFile copy = SqliteFile.readOnly(file);
        if (copy.mark().isEmpty()) {
            throw new IOException(file + " is no copy that keyhold backup made");
        }
        return copy;
    }

    /** What it was when it was opened. */
    public Look seen() {
        return seen;
    }

    @Override
    public Mistrust.Outcome accept(Mistrust mistrust) {
        return jdbi.inTransaction(
                handle -> {
                    Mistrust.Outcome outcome = MistrustedKeys.apply(handle, mistrust);
                    handle.execute("DROP TABLE metadata_copy");
                    return outcome;
                });
    }

    /**
     * Puts it in the place of the database, durably and in one step: there is always one of them.
     * It is closed then.
     *
     * @param former where the database can be found from then on, if there was one
     */
    public void install(Path former) throws IOException {
        pool.close();
        work.sync();
        SqliteFile old = new SqliteFile(database);
        if (Files.exists(database)) {
            old.writeLog();
        }
        old.linkTo(former);
        try {
            old.deleteLog();
            Files.move(work.path(), database, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            new SqliteFile(former).delete(); // two names of one database would be dangerous
            throw e;
        }
        old.sync();
    }

    /** What was not installed is nothing any more. */
    @Override
    public void close() throws IOException {
        pool.close();
        work.delete();
    }

    /** What can be seen of a copy. */
    public record Look(CopyMark mark, int keys) {}
}
