package io.keyhold.store.sql;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** The aliases of keys. */
final class AliasTable {

    private AliasTable() {}

    static List<Alias> all(Handle handle) {
        return handle.createQuery("SELECT arn, key_arn, created_at, updated_at FROM alias")
                .map((row, context) -> alias(row))
                .list();
    }

    static int insert(Handle handle, Alias alias) {
        return bind(
                        handle.createUpdate(
                                "INSERT INTO alias (arn, key_arn, created_at, updated_at)"
                                        + " VALUES (:arn, :key_arn, :created_at, :updated_at)"),
                        alias)
                .execute();
    }

    static int update(Handle handle, Alias alias) {
        return bind(
                        handle.createUpdate(
                                "UPDATE alias SET key_arn = :key_arn, created_at = :created_at,"
                                        + " updated_at = :updated_at WHERE arn = :arn"),
                        alias)
                .execute();
    }

    static int delete(Handle handle, Arn alias) {
        return handle.execute("DELETE FROM alias WHERE arn = ?", alias.toString());
    }

    private static Update bind(Update update, Alias alias) {
        return update.bind("arn", alias.arn().toString())
                .bind("key_arn", alias.targetArn().toString())
                .bind("created_at", alias.createdAt().toEpochMilli())
                .bind("updated_at", alias.updatedAt().toEpochMilli());
    }

    private static Alias alias(ResultSet row) throws SQLException {
        return new Alias(
                Arn.parse(row.getString("arn")).orElseThrow(),
                Arn.parse(row.getString("key_arn"))
                        .flatMap(Arn::keyId)
                        .flatMap(KeyId::parse)
                        .orElseThrow(),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")));
    }
}
