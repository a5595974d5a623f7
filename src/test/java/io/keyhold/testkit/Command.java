package io.keyhold.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a program that must succeed, and answers what it wrote. */
public final class Command {

    private final List<String> line;
    private final Map<String, String> environment = new HashMap<>();
    private Path folder = Path.of("").toAbsolutePath();

    private Command(List<String> line) {
        this.line = line;
    }

    /** A program and its arguments; nothing of it is looked at by a shell. */
    public static Command of(Object... line) {
        return new Command(Arrays.stream(line).map(Object::toString).toList());
    }

    /** With these variables in its environment too. */
    public Command with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /** In this folder. */
    public Command in(Path directory) {
        folder = directory;
        return this;
    }

    /** Runs it; both of its streams are the answer. */
    public String run() {
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s said: %s", line, said).isZero();
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
