package io.keyhold.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs other programs to their end. */
final class Commands {

    /** The repository: Maven runs tests there. */
    static final Path REPOSITORY = Path.of("").toAbsolutePath();

    static final Path JAR = REPOSITORY.resolve("target/keyhold.jar");

    /** The JDK that runs the tests runs the daemon too. */
    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final long PATIENCE_SECONDS = 120;

    private Commands() {}

    /** Runs a program that must succeed; its standard output. */
    static String must(String... command) {
        Outcome outcome = run(Map.of(), command);
        if (outcome.exitCode() != 0) {
            throw new AssertionError(List.of(command) + " failed: " + outcome);
        }
        return outcome.out();
    }

    static Outcome run(String... command) {
        return run(Map.of(), command);
    }

    static Outcome run(Map<String, String> environment, String... command) {
        return run(REPOSITORY, environment, command);
    }

    static Outcome run(Path folder, Map<String, String> environment, String... command) {
        return run(folder, inherited -> inherited.putAll(environment), command);
    }

    /** Runs a program that sees no other environment than this one. */
    static Outcome runAlone(Path folder, Map<String, String> environment, String... command) {
        return run(
                folder,
                inherited -> {
                    inherited.clear();
                    inherited.putAll(environment);
                },
                command);
    }

    private static Outcome run(
            Path folder, Consumer<Map<String, String>> environment, String... command) {
        try {
            Path out = Files.createTempFile("keyhold", ".out");
            Path err = Files.createTempFile("keyhold", ".err");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command)
                                .directory(folder.toFile())
                                .redirectInput(ProcessBuilder.Redirect.from(devNull()))
                                .redirectOutput(out.toFile())
                                .redirectError(err.toFile());
                environment.accept(builder.environment());
                Process process = builder.start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(List.of(command) + " does not end");
                }
                return new Outcome(process.exitValue(), text(out), text(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    static java.io.File devNull() {
        return new java.io.File("/dev/null");
    }

    static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a program ended. */
    record Outcome(int exitCode, String out, String err) {}
}
