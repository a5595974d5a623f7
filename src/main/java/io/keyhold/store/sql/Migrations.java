package io.keyhold.store.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database to the newest schema, one transaction a step; a step once released stays. */
final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    private static final List<String> STEPS =
            List.of(
                    "001-keys.sql",
                    "002-tags-aliases-counts.sql",
                    "003-grants.sql",
                    "004-identities.sql",
                    "005-access-keys.sql",
                    "006-life.sql",
                    "007-import.sql",
                    "008-service-keys.sql",
                    "009-services.sql");

    private Migrations() {}

    /**
     * Applies the steps that are missing.
     *
     * @throws IllegalStateException if the database is newer than this program
     */
    static void apply(Jdbi jdbi) {
        jdbi.useTransaction(
                handle ->
                        handle.execute(
                                "CREATE TABLE IF NOT EXISTS schema_step ("
                                        + "number INTEGER PRIMARY KEY, name TEXT NOT NULL)"));
        int done = jdbi.withHandle(Migrations::newest);
        if (done > STEPS.size()) {
            throw new IllegalStateException(
                    "the database has schema "
                            + done
                            + ", this program knows "
                            + STEPS.size()
                            + ": it was written by a newer Keyhold");
        }
        for (int number = done + 1; number <= STEPS.size(); number++) {
            int step = number;
            jdbi.useTransaction(handle -> apply(handle, step));
            log.info("schema step {} applied", STEPS.get(step - 1));
        }
    }

    private static int newest(Handle handle) {
        return handle.createQuery("SELECT COALESCE(MAX(number), 0) FROM schema_step")
                .mapTo(Integer.class)
                .one();
    }

    private static void apply(Handle handle, int number) {
        String name = STEPS.get(number - 1);
        handle.createScript(read(name)).executeAsSeparateStatements();
        handle.execute("INSERT INTO schema_step (number, name) VALUES (?, ?)", number, name);
    }

    private static String read(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
