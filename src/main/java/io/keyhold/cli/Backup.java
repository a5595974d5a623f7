package io.keyhold.cli;

import io.keyhold.Backups;
import io.keyhold.store.CopyMark;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keyhold backup}: a copy of the metadata. */
@Command(
        name = "backup",
        description = {
            "Takes a consistent copy of the metadata, while the daemon serves or not.",
            "It holds no key material: back the token up as well, after the metadata."
        },
        mixinStandardHelpOptions = true)
final class Backup implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "Where to; it must not exist yet.")
    private Path file = Path.of("");

    @Mixin private HomeOption home = new HomeOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CopyMark mark = new Backups(home.load()).backup(file);
        spec.commandLine()
                .getOut()
                .println(file + " is a copy of " + mark.takenAt() + ". Back up the token now.");
        return 0;
    }
}
