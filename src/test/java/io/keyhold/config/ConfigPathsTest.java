package io.keyhold.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigPathsTest {

    @TempDir private Path folder;
    private Home home;

    @BeforeEach
    void makeHome() {
        home = new Home(folder);
    }

    @Test
    void relativePathsAreRelativeToTheFileNotToTheWorkingDirectory() throws IOException {
        Files.writeString(home.file(), Home.LEAST);
        Path relative = Path.of("").toAbsolutePath().relativize(home.file());
        assertThat(relative).isRelative();

        Config config = ConfigLoader.load(relative);

        assertThat(config.home()).isEqualTo(folder);
        assertThat(config.token().library()).isEqualTo(folder.resolve("hsm/softhsm.cfg"));
    }

    @Test
    void environmentValuesThatNameAFileBesideTheConfigurationBecomeItsPath() throws IOException {
        Files.createDirectories(folder.resolve("hsm"));
        Files.writeString(folder.resolve("hsm/softhsm2.conf"), "");

        assertThat(environment("SOFTHSM2_CONF", "hsm/softhsm2.conf"))
                .isEqualTo(folder.resolve("hsm/softhsm2.conf").toString());
        assertThat(environment("SOFTHSM2_CONF", "hsm/other.conf")).isEqualTo("hsm/other.conf");
        assertThat(environment("VENDOR_CONF", "/etc")).isEqualTo("/etc");
        assertThat(environment("VENDOR_MODE", "fast")).isEqualTo("fast");
    }

    @Test
    void anEmptyEnvironmentValueStaysEmpty() throws IOException {
        assertThat(environment("VENDOR_DEBUG", "")).isEmpty();
    }

    private String environment(String name, String value) throws IOException {
        return home.load(Home.LEAST + "environment = { " + name + " = \"" + value + "\" }\n")
                .token()
                .environment()
                .get(name);
    }
}
