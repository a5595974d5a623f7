package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.util.stream.Stream;

/** The command {@code keyhold}, run to its end. */
final class Keyhold {

    /** The daemon is not there (EX_UNAVAILABLE). */
    static final int UNAVAILABLE = 69;

    /** The configuration is wrong (EX_CONFIG). */
    static final int CONFIG = 78;

    /** The command line is wrong. */
    static final int USAGE = 2;

    private Keyhold() {}

    static Outcome run(String... arguments) {
        return Commands.run(
                Stream.of(
                                Stream.of(Commands.JAVA),
                                Stream.of(Daemon.FAST_START),
                                Stream.of("-jar", Commands.JAR.toString()),
                                Stream.of(arguments))
                        .flatMap(part -> part)
                        .toArray(String[]::new));
    }

    /** A daemon that cannot start says why in one line of its own, without a stack trace. */
    static String refusal(Home home, String... more) {
        String[] arguments =
                Stream.concat(
                                Stream.of("serve", "--home", home.folder().toString()),
                                Stream.of(more))
                        .toArray(String[]::new);
        Outcome outcome = run(arguments);
        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(CONFIG);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).doesNotContain("\tat ");
        return outcome.err()
                .lines()
                .filter(line -> line.startsWith("keyhold: "))
                .reduce((one, two) -> one + "\n" + two)
                .orElse("nothing");
    }
}
