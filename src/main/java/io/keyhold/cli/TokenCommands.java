package io.keyhold.cli;

import io.keyhold.Settings;
import io.keyhold.StartException;
import io.keyhold.token.pkcs11.Capability;
import io.keyhold.token.pkcs11.Capability.Verdict;
import io.keyhold.token.pkcs11.Probe;
import io.keyhold.token.pkcs11.TokenException;
import io.keyhold.token.pkcs11.TokenSettings;
import io.keyhold.token.pkcs11.Tokens;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keyhold token}: looks at the token itself, whether a daemon runs or not. */
@Command(
        name = "token",
        description = "Looks at the configured token.",
        mixinStandardHelpOptions = true)
final class TokenCommands {

    private static final int LACKING = 1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "list",
            description = "Lists the tokens of the configured library, without logging in.",
            mixinStandardHelpOptions = true)
    int list(
            @Mixin HomeOption home,
            @Option(names = "--json", description = "As JSON.") boolean json) {
        Table table =
                new Table(
                        "slot",
                        "label",
                        "serial",
                        "manufacturer",
                        "model",
                        "firmware",
                        "state",
                        "configured");
        for (Tokens.Token token : with(home, Tokens::list)) {
            table.add(
                    Long.toString(token.slot()),
                    token.label(),
                    token.serial(),
                    token.manufacturer(),
                    token.model(),
                    token.firmware(),
                    token.state(),
                    token.configured() ? "yes" : "no");
        }
        print(table, json);
        return 0;
    }

    @Command(
            name = "probe",
            description = {
                "Logs in once and tries what the configured token can do, with objects that are"
                        + " gone afterwards. Each answer is compared with the JDK's own"
                        + " cryptography.",
                "Exit code 1 if the token lacks something that Keyhold needs."
            },
            mixinStandardHelpOptions = true)
    int probe(
            @Mixin HomeOption home,
            @Option(names = "--json", description = "As JSON.") boolean json) {
        List<Capability> found = with(home, Probe::run);
        Table table = new Table("operation", "serves", "needed", "works", "detail");
        for (Capability one : found) {
            table.add(
                    one.operation(),
                    one.serves(),
                    one.needed() ? "yes" : "no",
                    one.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    one.detail());
        }
        print(table, json);
        return found.stream().allMatch(one -> !one.needed() || one.verdict() == Verdict.YES)
                ? 0
                : LACKING;
    }

    private static <T> T with(HomeOption home, Function<TokenSettings, T> use) {
        try {
            return use.apply(Settings.token(home.load()));
        } catch (TokenException e) {
            throw StartException.because(e);
        }
    }

    private void print(Table table, boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? table.json() : table.text());
        out.flush();
    }
}
