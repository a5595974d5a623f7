package io.keyhold.store.sql;

import io.keyhold.store.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The jobs' memory, in the database of {@link SqlStore}. */
final class SqlJobStore implements JobStore {

    private static final String JOBS = "jobs";

    private final Jdbi jdbi;

    SqlJobStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Optional<Beat> lastBeat() {
        return jdbi.inTransaction(
                handle ->
                        handle.createQuery(
                                        "SELECT begun, wall, monotonic, running, held"
                                                + " FROM jobs_clock")
                                .map(
                                        (row, context) ->
                                                new Beat(
                                                        Instant.ofEpochMilli(row.getLong(1)),
                                                        Instant.ofEpochMilli(row.getLong(2)),
                                                        Duration.ofMillis(row.getLong(3)),
                                                        Duration.ofMillis(row.getLong(4)),
                                                        Duration.ofMillis(row.getLong(5))))
                                .findOne());
    }

    @Override
    public void beat(Beat beat) {
        jdbi.useTransaction(
                handle -> {
                    handle.execute("DELETE FROM jobs_clock");
                    handle.execute(
                            "INSERT INTO jobs_clock (id, begun, wall, monotonic, running, held)"
                                    + " VALUES (1, ?, ?, ?, ?, ?)",
                            beat.begun().toEpochMilli(),
                            beat.wall().toEpochMilli(),
                            beat.monotonic().toMillis(),
                            beat.running().toMillis(),
                            beat.held().toMillis());
                });
    }

    @Override
    public boolean takeLease(String holder, Instant now, Duration length) {
        Instant until = now.plus(length);
        return jdbi.inTransaction(
                handle -> {
                    int taken =
                            handle.execute(
                                    "UPDATE lease SET holder = ?, until = ? WHERE name = ?"
                                            + " AND (holder = ? OR until <= ? OR until > ?)",
                                    holder,
                                    until.toEpochMilli(),
                                    JOBS,
                                    holder,
                                    now.toEpochMilli(),
                                    until.toEpochMilli());
                    return taken == 1
                            || handle.execute(
                                            "INSERT INTO lease (name, holder, until)"
                                                    + " VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                            JOBS,
                                            holder,
                                            until.toEpochMilli())
                                    == 1;
                });
    }

    @Override
    public void releaseLease(String holder) {
        jdbi.useTransaction(
                handle ->
                        handle.execute(
                                "DELETE FROM lease WHERE name = ? AND holder = ?", JOBS, holder));
    }
}
