package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files in hsm-config, for Keyhold and for SunPKCS11's own provider. */
class HsmConfigTest {

    private static final Path SOFTHSM = Path.of("hsm-config/softhsm.cfg");

    @TempDir private Path folder;

    @ParameterizedTest
    @MethodSource("files")
    void keyholdReadsEveryOneAndNamesTheLibraryIfThatIsNotHere(Path file) throws IOException {
        String text = Files.readString(file);
        Path library = Path.of(text.replaceAll("(?s).*\\nlibrary = (\\S+)\\n.*", "$1"));
        if (Files.exists(library)) {
            assertThat(LibraryConfiguration.read(file).library()).isEqualTo(library);
        } else {
            assertThatThrownBy(() -> LibraryConfiguration.read(file))
                    .hasMessage(file + ": library = " + library + " is no file");
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void nothingButTheLibraryKeepsTheProviderFromTakingOne(Path file) throws Exception {
        // SoftHSM stands in for whatever library the machine does not have, and takes no nssArgs.
        Path library = LibraryConfiguration.read(SOFTHSM).library();
        Path here = folder.resolve(file.getFileName());
        Files.writeString(
                here,
                Files.readString(file)
                        .replaceAll("(?m)^library = .*$", "library = " + library)
                        .replaceAll("(?m)^nssArgs = .*$", ""));
        String name = LibraryConfiguration.read(here).name();

        assertThat(configure(here)).isEqualTo("SunPKCS11-" + name);
    }

    @Test
    void theProviderTakesTheOneForSoftHsmAsItIs() throws Exception {
        assertThat(configure(SOFTHSM)).isEqualTo("SunPKCS11-SoftHSM");
    }

    @Test
    void theProviderTakesTheOneForNssWithAnotherDatabase() throws Exception {
        Path here = NssDatabase.in(folder).settings().libraryConfiguration();

        assertThat(configure(here)).isEqualTo("SunPKCS11-NSS");
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(SOFTHSM.getParent())) {
            return files.filter(f -> f.toString().endsWith(".cfg")).toList().stream();
        }
    }

    /** In a process of its own: a library belongs to one binding in a process, and ours is it. */
    private String configure(Path file) throws IOException, InterruptedException {
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm2.conf"), "directories.tokendir = " + tokens);
        run(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "x",
                "--so-pin",
                "1234",
                "--pin",
                "1234");
        return run(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ConfiguredProvider.class.getName(),
                file.toString());
    }

    private String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder(command).redirectErrorStream(true);
        program.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        Process process = program.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }
}
