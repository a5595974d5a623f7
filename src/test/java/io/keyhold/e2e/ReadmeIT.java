package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The README's commands, from the first key to a service's call, typed one after the other. */
final class ReadmeIT {

    private static final String FIRST = "\n    scripts/keyhold call CreateKey ";
    private static final Pattern ANSWERED =
            Pattern.compile(
                    "\"(KeyId|CiphertextBlob|Signature|PublicKey|ImportToken)\": \"([^\"]+)\"");

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    /** What a later command has in place of {@code <KeyId>} and the like. */
    private final Map<String, String> answered = new HashMap<>();

    @Test
    void itsCommandsDoWhatItSays() {
        List<String> denied = new ArrayList<>();
        StringBuilder variables = new StringBuilder();
        for (String command : commands()) {
            if (command.startsWith("alice=")) {
                variables.append(command).append('\n');
                continue;
            }
            Outcome outcome = Buf.shell(variables + typed(command));
            if (outcome.err().startsWith("AccessDeniedException: ")) {
                denied.add(command);
            } else {
                assertThat(outcome.exitCode()).as(command + outcome).isZero();
            }
            remember(command, outcome.out());
        }
        assertThat(denied)
                .satisfiesExactly(
                        first -> assertThat(first).contains("call Decrypt --as $alice"),
                        second -> assertThat(second).contains("Encrypt --as $alice --session"));
    }

    /** What is indented there; what is indented more continues a command. */
    private static List<String> commands() {
        String readme = Commands.text(Commands.REPOSITORY.resolve("README.md"));
        String tried = readme.substring(readme.indexOf(FIRST), readme.indexOf("\nWith [grpcurl]"));
        String who = readme.substring(readme.indexOf("\n### Who may"));
        List<String> commands = new ArrayList<>();
        String before = "";
        for (String line : (tried + who.substring(0, who.indexOf("\n### Restore"))).split("\n")) {
            if (line.startsWith("    ")) {
                boolean more = line.startsWith("     ") && before.startsWith("    ");
                String text = line.substring(4);
                commands.add(more ? commands.removeLast() + "\n" + text : text);
            }
            before = line;
        }
        return commands;
    }

    private String typed(String command) {
        String line = command;
        for (Map.Entry<String, String> value : answered.entrySet()) {
            line = line.replace("<" + value.getKey() + ">", value.getValue());
        }
        String home = one.home().folder().toString();
        return line.replace("var/", home + "/")
                .replace("scripts/keyhold", "KEYHOLD_HOME=" + home + " scripts/keyhold")
                .replaceAll("(scripts/run certificate \\S+)", "$1 --home " + home)
                .replace("7443", Integer.toString(one.daemon().port()));
    }

    private void remember(String command, String answer) {
        Matcher matcher = ANSWERED.matcher(answer);
        while (matcher.find()) {
            boolean isArn = matcher.group(2).startsWith("arn:");
            boolean isDataKey = command.contains("GenerateDataKey");
            if (!isArn && !isDataKey) {
                answered.put(matcher.group(1), matcher.group(2));
            }
        }
    }
}
