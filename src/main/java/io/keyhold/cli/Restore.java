package io.keyhold.cli;

import io.keyhold.Backups;
import io.keyhold.Backups.Copy;
import io.keyhold.Backups.Restored;
import io.keyhold.audit.Changes.Change;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keyhold restore}: a copy of the metadata takes the place of what was lost. */
@Command(
        name = "restore",
        description = {
            "Says what a copy is and what was changed since it was taken; with --accept, puts it in"
                    + " the place of the metadata, which is kept beside it under another name.",
            "No daemon may run. The token is not touched.",
            "Exit code 1 if nothing was restored."
        },
        mixinStandardHelpOptions = true)
final class Restore implements Callable<Integer> {

    private static final int NOT_RESTORED = 1;

    @Parameters(paramLabel = "FILE", description = "A copy that keyhold backup has made.")
    private Path file = Path.of("");

    @Option(
            names = "--accept",
            description = "Restore, and accept that what was changed since is lost.")
    private boolean accept;

    @Mixin private HomeOption home = new HomeOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Backups backups = new Backups(home.load());
        PrintWriter out = spec.commandLine().getOut();
        Copy copy = backups.look(file);
        print(out, copy);
        if (!accept) {
            out.println("\nNothing was restored. With --accept, it is.");
            return NOT_RESTORED;
        }
        print(out, backups.restore(file));
        return 0;
    }

    private void print(PrintWriter out, Copy copy) {
        out.println(
                "%s is a copy of %s, with %d keys.".formatted(file, copy.takenAt(), copy.keys()));
        if (!copy.changes().complete()) {
            out.println(
                    "%s has not the whole journal since then: what was changed cannot all be said."
                            .formatted(copy.journal()));
        }
        List<Change> changes = copy.changes().all();
        if (changes.isEmpty() && copy.changes().complete()) {
            out.println("By the audit journal, nothing was changed since.");
        } else if (!changes.isEmpty()) {
            out.println("By the audit journal, it does not know of these changes:\n");
            Table table = new Table("time", "event", "by", "about");
            for (Change each : changes) {
                table.add(
                        each.time().toString(),
                        each.event(),
                        each.by(),
                        String.join(" ", each.about()));
            }
            out.print(table.text());
        }
    }

    private static void print(PrintWriter out, Restored restored) {
        out.println(
                "\nRestored. %d keys get new material before they encrypt again."
                        .formatted(restored.outcome().rotating()));
        restored.outcome()
                .others()
                .forEach(
                        key ->
                                out.println(
                                        "Warning: nobody knows how often "
                                                + key
                                                + " has encrypted, and it cannot have new material"
                                                + " by itself: give it some."));
        restored.outcome()
                .deletions()
                .forEach(
                        key ->
                                out.println(
                                        "The deletion of "
                                                + key
                                                + " is put off by 7 days: call it off if it was"
                                                + " called off."));
        restored.former()
                .ifPresent(path -> out.println("The database that was there is now " + path + "."));
        out.println("Start the daemon, and see what keyhold doctor says.");
    }
}
