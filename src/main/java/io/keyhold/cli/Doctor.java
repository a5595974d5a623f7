package io.keyhold.cli;

import io.grpc.StatusRuntimeException;
import io.keyhold.lifecycle.Finding.Kind;
import io.keyhold.v1.AdoptKeyMaterialRequest;
import io.keyhold.v1.AdoptKeyMaterialResponse;
import io.keyhold.v1.Finding;
import io.keyhold.v1.ReconcileRequest;
import io.keyhold.v1.ReconcileResponse;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keyhold doctor}: whether token and metadata are in step. */
@Command(
        name = "doctor",
        description = {
            "Lets a running daemon compare token and metadata, and mend what can be mended.",
            "Prints what was not in step. An object that no key knows is never destroyed.",
            "Exit code 1 if something is left that needs a person."
        },
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {

    private static final int AMISS = 1;

    @Option(
            names = "--adopt",
            paramLabel = "OBJECT",
            description =
                    "Take in this one object that is called adoptable, by its CKA_ID: it decrypts"
                            + " again, and never encrypts.")
    private @Nullable String adopt;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Mixin private HomeOption home = new HomeOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        OperatorClient client = new OperatorClient(home);
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (adopt != null) {
                AdoptKeyMaterialResponse adopted =
                        client.call(
                                AdoptKeyMaterialRequest.newBuilder().setObjectId(adopt).build(),
                                AdoptKeyMaterialResponse.getDefaultInstance());
                spec.commandLine().getErr().println("adopted as material of " + adopted.getKeyId());
            }
            List<Finding> findings =
                    client.call(
                                    ReconcileRequest.getDefaultInstance(),
                                    ReconcileResponse.getDefaultInstance())
                            .getFindingsList();
            out.print(print(findings));
            out.flush();
            return findings.stream().allMatch(Doctor::isSettled) ? 0 : AMISS;
        } catch (StatusRuntimeException e) {
            spec.commandLine().getErr().println(e.getStatus().getDescription());
            return AMISS;
        }
    }

    private String print(List<Finding> findings) {
        Table table = new Table("finding", "token", "object", "label", "detail");
        for (Finding each : findings) {
            table.add(
                    each.getType().name().toLowerCase(Locale.ROOT),
                    each.getToken(),
                    each.getObjectId(),
                    each.getLabel(),
                    each.getDetail());
        }
        if (json) {
            return table.json();
        }
        return findings.isEmpty() ? "Token and metadata are in step.\n" : table.text();
    }

    private static boolean isSettled(Finding finding) {
        return Kind.valueOf(finding.getType().name()).isSettled();
    }
}
