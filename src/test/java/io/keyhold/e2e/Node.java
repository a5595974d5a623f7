package io.keyhold.e2e;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The scripts in {@code src/test/js/aws}, beside the packages that their lock names. */
final class Node {

    private static final Path SCRIPTS = Commands.REPOSITORY.resolve("src/test/js/aws");
    private static final Path FOLDER = Commands.REPOSITORY.resolve("target/aws-js");
    private static final String LOCK = "package-lock.json";

    /** What npm writes last. */
    private static final String DONE = "node_modules/.package-lock.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Node() {}

    /** Brings the scripts to their packages. */
    static synchronized void install() throws IOException {
        boolean current =
                Files.exists(FOLDER.resolve(DONE))
                        && Files.mismatch(SCRIPTS.resolve(LOCK), FOLDER.resolve(LOCK)) < 0;
        Files.createDirectories(FOLDER);
        try (var scripts = Files.list(SCRIPTS)) {
            for (Path script : scripts.toList()) {
                Files.copy(script, FOLDER.resolve(script.getFileName()), REPLACE_EXISTING);
            }
        }
        if (!current) {
            Commands.must(
                    "npm",
                    "ci",
                    "--prefix",
                    FOLDER.toString(),
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund");
        }
    }

    /** Runs a script as a user; what it prints. */
    static JsonNode run(AwsUser user, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script, user.endpoint().toString()));
        command.addAll(List.of(arguments));
        Outcome outcome = user.run(FOLDER, command.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return JSON.readTree(outcome.out());
    }
}
