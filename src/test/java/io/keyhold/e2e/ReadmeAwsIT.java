package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The README's programs for AWS's clients, as they stand there. */
final class ReadmeAwsIT {

    /** The versions that came before AWS_ENDPOINT_URL, in July 2023. */
    private static final Pattern OLD =
            Pattern.compile("aws-cli/(1\\.([0-9]|1[0-9]|2[0-8])|2\\.([0-9]|1[0-2]))\\.");

    @Test
    void theyDoWhatItSays() throws IOException {
        assumeThatTheCliIsNotTooOld();
        try (Home home = Home.prepare();
                Daemon daemon =
                        Daemon.startWith(
                                home, List.of("--aws-env", home.path("aws.env").toString()))) {
            assertThat(run(home, snippet("sh"))).endsWith("\nattack at dawn");
            assertThat(run(home, ". var/aws.env\npython3 -c '" + snippet("python") + "'"))
                    .isEqualTo("by Python\n");
            Path program = home.scratch("Sealed.java");
            Files.writeString(program, snippet("java"));
            String classPath = System.getProperty("java.class.path");
            String java =
                    ". var/aws.env\n%s -cp '%s' %s".formatted(Commands.JAVA, classPath, program);
            assertThat(run(home, java)).isEqualTo("by Java\n");
            assertThat(daemon.alive()).isTrue();
        }
    }

    private static void assumeThatTheCliIsNotTooOld() {
        String version = Commands.must("aws", "--version").strip();
        if (OLD.matcher(version).find()) {
            String why = version + " knows nothing of AWS_ENDPOINT_URL";
            System.out.println("    skipped: " + why);
            Assumptions.abort(why);
        }
    }

    private static String snippet(String language) {
        String readme = Commands.text(Commands.REPOSITORY.resolve("README.md"));
        String section = readme.substring(readme.indexOf("\n### Use it with the AWS SDK"));
        String begin = "\n```" + language + "\n";
        String rest = section.substring(section.indexOf(begin) + begin.length());
        return rest.substring(0, rest.indexOf("```"));
    }

    private static String run(Home home, String script) {
        Outcome outcome =
                Commands.runAlone(
                        home.folder(),
                        AwsUser.alone(home.folder()),
                        "bash",
                        "-euo",
                        "pipefail",
                        "-c",
                        script.replace("var/", home.folder() + "/"));
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return outcome.out();
    }
}
