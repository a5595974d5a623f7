package io.keyhold.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with a keyhold.toml in it. */
final class Home {

    /** The least that a configuration must say. */
    static final String LEAST =
            """
            [[grpc.client_ca]]
            certificate = "tls/ca.crt"
            accounts = ["123456789012"]

            [[token]]
            library = "hsm/softhsm.cfg"
            label = "keyhold"
            """;

    private final Path folder;

    Home(Path folder) {
        this.folder = folder;
    }

    Path file() {
        return folder.resolve("keyhold.toml");
    }

    Config load(String text) throws IOException {
        Files.writeString(file(), text);
        return ConfigLoader.load(file());
    }

    /** What is said of a text that cannot be used, with "keyhold.toml" for the file's path. */
    String refusal(String text) throws IOException {
        Files.writeString(file(), text);
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file()));
        assertThat(refused).as("a refusal of %s", text).isNotNull();
        assertThat(refused.getMessage()).startsWith(file().toString());
        return refused.getMessage().substring(folder.toString().length() + 1);
    }
}
