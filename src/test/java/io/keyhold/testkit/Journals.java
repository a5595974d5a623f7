package io.keyhold.testkit;

import io.keyhold.audit.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real journals of tests. */
public final class Journals {

    private static final String FOLDER = "audit";
    private static final JsonMapper JSON = new JsonMapper();

    private Journals() {}

    /** Opens one in a folder of its own beside a database. */
    public static Journal beside(Path database) {
        try {
            return new Journal(
                    database.resolveSibling(FOLDER),
                    e -> {
                        throw new AssertionError(e);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands in the journal beside a database. */
    public static List<JsonNode> read(Path database) {
        Path file = database.resolveSibling(FOLDER).resolve("journal.jsonl");
        try (var lines = Files.lines(file)) {
            return lines.map(JSON::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
