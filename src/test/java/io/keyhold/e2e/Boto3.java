package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The scripts in {@code src/test/python}, which use AWS's SDK for Python. */
final class Boto3 {

    private static final Path SCRIPTS = Commands.REPOSITORY.resolve("src/test/python");

    /** The first one may be somebody's own, and not have what Debian's packages bring. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Boto3() {}

    /** Runs a script as a user; what it prints. */
    static JsonNode run(AwsUser user, Path folder, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(python(), path(script)));
        command.add(user.endpoint().toString());
        command.addAll(List.of(arguments));
        Outcome outcome = user.run(folder, command.toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return JSON.readTree(outcome.out());
    }

    private static String path(String script) {
        return SCRIPTS.resolve(script).toString();
    }

    private static String python() {
        return PYTHONS.stream()
                .filter(python -> Commands.run(python, "-c", "import boto3").exitCode() == 0)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no boto3; scripts/test installs it"));
    }
}
