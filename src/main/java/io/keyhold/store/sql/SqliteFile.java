package io.keyhold.store.sql;

import io.keyhold.store.CopyMark;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** A SQLite database as the file that it is, with what SQLite has beside it while it is in use. */
record SqliteFile(Path path) {

    private static final List<String> PARTS = List.of("", "-wal", "-shm");

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
            statement.executeUpdate();
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
                    statement.executeQuery("SELECT taken_at, journal_length FROM metadata_copy")) {
                return Optional.of(
                        new CopyMark(Instant.ofEpochMilli(row.getLong(1)), row.getLong(2)));
            }
        } catch (SQLException e) {
            throw new IOException(path + " cannot be used as the database", e);
        }
    }

    /** Says in it that it is a copy. */
    void setMark(CopyMark mark) throws SQLException {
        execute(
                "CREATE TABLE metadata_copy (taken_at BIGINT NOT NULL,"
                        + " journal_length BIGINT NOT NULL)");
        execute(
                "INSERT INTO metadata_copy (taken_at, journal_length) VALUES (?, ?)",
                mark.takenAt().toEpochMilli(),
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
        return DriverManager.getConnection("jdbc:sqlite:" + path);
    }

    /** Moves it, if it is there, to where nothing is. */
    void moveTo(Path other) throws IOException {
        for (String part : PARTS) {
            Path from = Path.of(path + part);
            if (Files.exists(from)) {
                Files.move(from, Path.of(other + part));
            }
        }
    }

    void delete() throws IOException {
        for (String part : PARTS) {
            Files.deleteIfExists(Path.of(path + part));
        }
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
