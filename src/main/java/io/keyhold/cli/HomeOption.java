package io.keyhold.cli;

import io.keyhold.config.Config;
import io.keyhold.config.ConfigLoader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which daemon: the folder that holds its keyhold.toml, or that file itself. */
final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:KEYHOLD_HOME:-var}",
            description =
                    "The daemon's home, which holds keyhold.toml (default: $KEYHOLD_HOME, else"
                            + " var).")
    private Path home = Path.of("var");

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration file.")
    private @Nullable Path file;

    Config load() {
        return ConfigLoader.load(file == null ? home.resolve("keyhold.toml") : file);
    }

    /** The folder, without reading the configuration in it. */
    Path folder() {
        Path folder = file == null ? home : file.resolveSibling("");
        return folder.toAbsolutePath().normalize();
    }
}
