package io.keyhold.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code keyhold COMMAND}. */
@Command(
        name = "keyhold",
        description = "A key-management daemon whose key material never leaves its tokens.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            Serve.class,
            CallVerb.class,
            Doctor.class,
            Backup.class,
            Restore.class,
            TokenCommands.class,
            Version.class
        })
public final class Main {

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        int code =
                new CommandLine(new Main())
                        .setUsageHelpAutoWidth(true)
                        .setExecutionExceptionHandler(new Failures())
                        .setParameterExceptionHandler(Failures::wrongUsage)
                        .execute(arguments);
        System.exit(code);
    }
}
