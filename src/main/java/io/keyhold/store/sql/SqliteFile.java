package io.keyhold.store.sql;

import io.keyhold.store.CopyMark;
import java.io.IOException;
import java.nio.channels.FileChannel;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SQLite database as the file that it is, with what SQLite has beside it while it is in use.
 *
 * @param url how SQLite is to open it
 */
record SqliteFile(Path path, String url) {

    private static final Logger log = LoggerFactory.getLogger(SqliteFile.class);

    private static final String EMULATOR = "emulator";
    private static final List<String> PARTS = List.of("", "-wal", "-shm");

    SqliteFile(Path path) {
        this(path, "jdbc:sqlite:" + path);
    }

    /** One that nobody is at work on, and that nothing is written into. */
    static SqliteFile readOnly(Path path) {
        return new SqliteFile(path, "jdbc:sqlite:" + path.toUri() + "?mode=ro&immutable=1");
    }

    /** Makes it, empty and 0600; SQLite gives what is beside it the same permissions. */
    void create() throws IOException {
        Files.createFile(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** One statement in a connection of its own. */
    void execute(String sql, Object... values) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    /** How many rows there are of what comes after FROM. */
    int count(String from) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
            return count.getInt(1);
        }
    }

    /**
     * Passes if it is for this; a new one, still without a byte, becomes so.
     *
     * @throws IOException if it is for something else
     */
    void require(SqlStore.Use use) throws IOException {
        try {
            if (use == SqlStore.Use.EMULATOR && Files.size(path) == 0) {
                execute("CREATE TABLE " + EMULATOR + " (made INTEGER)");
            }
            boolean emulator = count("sqlite_schema WHERE name = '" + EMULATOR + "'") > 0;
            if (emulator && use == SqlStore.Use.NORMAL) {
                throw new IOException(
                        path
                                + " was served with aws.auth = \"insecure-any\": its keys are for"
                                + " an emulator for ever");
            }
            if (!emulator && use == SqlStore.Use.EMULATOR) {
                throw new IOException(
                        path
                                + " is there already and was not made with aws.auth ="
                                + " \"insecure-any\": an emulator has a database of its own");
            }
        } catch (SQLException e) {
            throw new IOException(path + " cannot be used as the database", e);
        }
    }

    /** What it says of itself, if it is a copy. */
    Optional<CopyMark> mark() throws IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            try (ResultSet table =
                    statement.executeQuery(
                            "SELECT 1 FROM sqlite_schema WHERE name = 'metadata_copy'")) {
                if (!table.next()) {
                    return Optional.empty();
                }
            }
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT taken_at, journal_begin, journal_length FROM metadata_copy")) {
                return Optional.of(
                        new CopyMark(
                                Instant.ofEpochMilli(row.getLong(1)),
                                row.getString(2),
                                row.getLong(3)));
            }
        } catch (SQLException e) {
            throw new IOException(path + " cannot be used as the database", e);
        }
    }

    /** Says in it that it is a copy. */
    void setMark(CopyMark mark) throws SQLException {
        execute(
                "CREATE TABLE metadata_copy (taken_at BIGINT NOT NULL,"
                        + " journal_begin TEXT NOT NULL, journal_length BIGINT NOT NULL)");
        execute(
                "INSERT INTO metadata_copy (taken_at, journal_begin, journal_length)"
                        + " VALUES (?, ?, ?)",
                mark.takenAt().toEpochMilli(),
                mark.journalBegin(),
                mark.journalLength());
    }

    /**
     * Passes if SQLite finds nothing wrong.
     *
     * @throws IOException if it does
     */
    void requireWhole() throws SQLException, IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet verdict = statement.executeQuery("PRAGMA integrity_check")) {
            if (!verdict.getString(1).equals("ok")) {
                throw new IOException(path + " is damaged: " + verdict.getString(1));
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    /** Gives it a second name, under which nothing is; or a copy, where files have one name. */
    void linkTo(Path other) throws IOException {
        for (String part : PARTS) {
            Path from = Path.of(path + part);
            Path to = Path.of(other + part);
            if (Files.exists(from)) {
                try {
                    Files.createLink(to, from);
                } catch (UnsupportedOperationException e) {
                    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    /**
     * Its file then has everything, unless it is damaged.
     *
     * @throws IOException if somebody is at work on it
     */
    void writeLog() throws IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet busy = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (busy.getInt(1) != 0) {
                throw new IOException(path + " is in use by another program");
            }
        } catch (SQLException e) {
            log.warn("{} is kept as it is: {}", path, e.getMessage());
        }
    }

    /** What is beside it must not be taken for another file's. */
    void deleteLog() throws IOException {
        for (String part : PARTS.subList(1, PARTS.size())) {
            Files.deleteIfExists(Path.of(path + part));
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
        deleteLog();
    }

    /** Makes its content, or that it has this name now, durable. */
    void sync() throws IOException {
        force(path);
        force(path.toAbsolutePath().resolveSibling(""));
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            channel.force(true);
        }
    }
}
