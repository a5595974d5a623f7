package io.keyhold.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code keyhold version}. */
@Command(name = "version", description = "Prints the version.")
final class Version implements IVersionProvider, Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public String[] getVersion() throws IOException {
        Properties built = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/keyhold.properties")) {
            if (in != null) {
                built.load(in);
            }
        }
        return new String[] {
            "keyhold " + built.getProperty("version", "?"), "Java " + Runtime.version()
        };
    }

    @Override
    public Integer call() throws IOException {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        return 0;
    }
}
