package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The AWS CLI that this machine has, old or new, in a folder of its own. */
final class AwsCli {

    private final AwsUser user;
    private final Path folder;

    AwsCli(AwsUser user, Path folder) {
        this.user = user;
        this.folder = folder;
    }

    /** What a call of {@code aws kms} that succeeds says, as text. */
    String kms(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome.out().strip();
    }

    /** What a call that is refused says. */
    String refusal(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isNotZero();
        return outcome.err().strip();
    }

    /** A call; one of a verb that this CLI is too old for is reported as skipped. */
    private Outcome run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("aws", "kms"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--endpoint-url", user.endpoint().toString(), "--output", "text"));
        Outcome outcome = user.run(folder, command.toArray(String[]::new));
        if (outcome.err().contains("argument operation: Invalid choice")) {
            String why = Commands.must("aws", "--version").strip() + " has no " + arguments[0];
            System.out.println("    skipped: " + why);
            Assumptions.abort(why);
        }
        return outcome;
    }

    /** Puts bytes where the CLI finds them; how it is told so. */
    String bytes(String name, byte[] content) {
        try {
            Files.write(folder.resolve(name), content);
            return "fileb://" + name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes that the CLI writes in Base64. */
    static byte[] decoded(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
