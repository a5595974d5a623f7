package io.keyhold.e2e;

import io.keyhold.e2e.Token.TokenObject;
import io.keyhold.key.KeySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** keyhold.db of a home, read with SQLite itself, whether a daemon has it open or not. */
final class Database {

    private final Path file;

    Database(Home home) {
        this(home.path("keyhold.db"));
    }

    private Database(Path file) {
        this.file = file;
    }

    /** A copy, wherever it lies. */
    static Database of(Path file) {
        return new Database(file);
    }

    /** Every row of a backing key. */
    List<BackingRow> backingKeys() {
        return query(
                "SELECT key_id, generation, b.id, cka_id, b.state, spec FROM backing_key b"
                        + " JOIN kms_key k ON k.arn = b.key_arn",
                row ->
                        new BackingRow(
                                String.join(
                                        "/",
                                        "keyhold",
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3)),
                                row.getString(4).replace("-", ""),
                                row.getString(5),
                                KeySpec.valueOf(row.getString(6)).isAsymmetric()));
    }

    /** The reserved encryptions of each backing key. */
    List<Long> encryptions() {
        return query("SELECT encryptions FROM backing_key", row -> row.getLong(1));
    }

    /** How often each backing key has decrypted. */
    List<Long> decryptions() {
        return query("SELECT decryptions FROM backing_key", row -> row.getLong(1));
    }

    /** Makes a consistent copy of this moment. */
    void copyTo(Path file) {
        execute("VACUUM INTO ?", file.toString());
    }

    /** Puts a copy in its place; what a killed daemon has left beside it would be mixed in. */
    void replaceBy(Path copy) throws IOException {
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The IDs of deleted keys. */
    List<String> tombstones() {
        return query(
                "SELECT arn FROM deleted_key",
                row -> row.getString(1).substring(row.getString(1).indexOf('/') + 1));
    }

    /** Rows that belong to nothing, and what SQLite itself finds wrong. */
    List<String> damage() {
        List<String> damage = new ArrayList<>();
        damage.addAll(
                query(
                        "SELECT 'key without material: ' || arn FROM kms_key WHERE origin <>"
                                + " 'EXTERNAL' AND arn NOT IN (SELECT key_arn FROM backing_key)",
                        row -> row.getString(1)));
        damage.addAll(
                query(
                        "SELECT 'current is not active: ' || arn FROM kms_key WHERE origin <>"
                                + " 'EXTERNAL' AND (current_id IS NULL OR NOT EXISTS (SELECT 1"
                                + " FROM backing_key b WHERE b.key_arn = arn AND b.id = current_id"
                                + " AND b.state = 'ACTIVE'))",
                        row -> row.getString(1)));
        damage.addAll(query("PRAGMA integrity_check", row -> row.getString(1)));
        damage.remove("ok");
        return damage;
    }

    /** Gives a column of some keys another value. */
    void set(String column, Object value, List<String> keyArns) {
        keyArns.forEach(
                arn -> execute("UPDATE kms_key SET " + column + " = ? WHERE arn = ?", value, arn));
    }

    /** Changes what no verb can. */
    void execute(String sql, Object... values) {
        String url = "jdbc:sqlite:file:" + file;
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private <T> List<T> query(String sql, Read<T> read) {
        String url = "jdbc:sqlite:file:" + file + "?mode=ro";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(read.of(rows));
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** One row as it should be seen in the token. */
    record BackingRow(String label, String ckaId, String state, boolean isPair) {

        /** Its objects. */
        Stream<TokenObject> objects() {
            return (isPair ? Stream.of("Private Key", "Public Key") : Stream.of("Secret Key"))
                    .map(kind -> new TokenObject(kind, label, ckaId));
        }
    }

    private interface Read<T> {
        T of(ResultSet row) throws SQLException;
    }
}
