package io.keyhold.store.sql;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The grants of keys. */
final class GrantTable {

    private static final String COLUMNS =
            "id, key_arn, created_at, name, grantee, grantee_id, retiring, retiring_id, operations,"
                    + " source_arn, issuing_account";
    private static final String EQUAL = "EncryptionContextEquals";
    private static final String SUBSET = "EncryptionContextSubset";

    private GrantTable() {}

    static List<Grant> all(Handle handle) {
        Map<Constraint, Map<String, String>> constraints = constraints(handle);
        return handle.createQuery("SELECT " + COLUMNS + " FROM kms_grant")
                .map((row, context) -> grant(row, constraints))
                .list();
    }

    static void insert(Handle handle, Grant grant) {
        GrantTerms terms = grant.terms();
        handle.createUpdate(
                        "INSERT INTO kms_grant ("
                                + COLUMNS
                                + ") VALUES (:id, :key_arn, :created_at, :name, :grantee,"
                                + " :grantee_id, :retiring, :retiring_id, :operations,"
                                + " :source_arn, :issuing_account)")
                .bind("id", grant.id())
                .bind("key_arn", grant.key().toString())
                .bind("created_at", grant.createdAt().toEpochMilli())
                .bind("name", terms.name())
                .bind("grantee", terms.grantee().toString())
                .bind("grantee_id", terms.grantee().uniqueId())
                .bind("retiring", terms.retiring().map(BoundPrincipal::toString).orElse(null))
                .bind("retiring_id", terms.retiring().map(BoundPrincipal::uniqueId).orElse(""))
                .bind("operations", text(terms))
                .bind("source_arn", terms.constraints().sourceArn().orElse(null))
                .bind("issuing_account", terms.issuingAccount().toString())
                .execute();
        insert(handle, new Constraint(grant.id(), EQUAL), terms.constraints().equal());
        insert(handle, new Constraint(grant.id(), SUBSET), terms.constraints().subset());
    }

    static int delete(Handle handle, Grant grant) {
        handle.execute("DELETE FROM grant_constraint WHERE grant_id = ?", grant.id());
        return handle.execute("DELETE FROM kms_grant WHERE id = ?", grant.id());
    }

    private static void insert(Handle handle, Constraint constraint, Map<String, String> pairs) {
        pairs.forEach(
                (name, value) ->
                        handle.execute(
                                "INSERT INTO grant_constraint (grant_id, type, name, value)"
                                        + " VALUES (?, ?, ?, ?)",
                                constraint.grantId,
                                constraint.type,
                                name,
                                value));
    }

    private static Map<Constraint, Map<String, String>> constraints(Handle handle) {
        Map<Constraint, Map<String, String>> all = new HashMap<>();
        handle.createQuery("SELECT grant_id, type, name, value FROM grant_constraint")
                .map(
                        (row, context) ->
                                all.computeIfAbsent(
                                                new Constraint(row.getString(1), row.getString(2)),
                                                c -> new HashMap<>())
                                        .put(row.getString(3), row.getString(4)))
                .list();
        return all;
    }

    private static Grant grant(ResultSet row, Map<Constraint, Map<String, String>> constraints)
            throws SQLException {
        String id = row.getString("id");
        return new Grant(
                id,
                Arn.parse(row.getString("key_arn")).orElseThrow(),
                Instant.ofEpochMilli(row.getLong("created_at")),
                new GrantTerms(
                        row.getString("name"),
                        principal(row, "grantee").orElseThrow(),
                        principal(row, "retiring"),
                        Arrays.stream(row.getString("operations").split(" "))
                                .map(GrantOperation::valueOf)
                                .collect(Collectors.toSet()),
                        new GrantConstraints(
                                constraints.getOrDefault(new Constraint(id, EQUAL), Map.of()),
                                constraints.getOrDefault(new Constraint(id, SUBSET), Map.of()),
                                Optional.ofNullable(row.getString("source_arn"))),
                        Arn.parse(row.getString("issuing_account")).orElseThrow()));
    }

    private static Optional<BoundPrincipal> principal(ResultSet row, String column)
            throws SQLException {
        String uniqueId = row.getString(column + "_id");
        return Optional.ofNullable(row.getString(column))
                .flatMap(Principal::parse)
                .map(principal -> new BoundPrincipal(principal, uniqueId));
    }

    private static String text(GrantTerms terms) {
        return terms.operations().stream()
                .map(Enum::name)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private record Constraint(String grantId, String type) {}
}
