package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinTest {

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("pin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234", "1234\n", "1234\r\n"})
    void theLineEndIsNotPartOfThePin(String text) throws IOException {
        assertThat(read(text)).isEqualTo("1234");
    }

    @Test
    void everythingElseIs() throws IOException {
        assertThat(read(" pä ss\tword \n")).isEqualTo(" pä ss\tword ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
    void aFileThatIsOpenToOthersIsRefused(String mode) throws IOException {
        Files.writeString(file, "1234");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        refused("PIN file " + file + " is open to others: chmod 600 it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void aFileThatOnlyItsOwnerReadsIsTaken(String mode) throws IOException {
        Files.writeString(file, "1234");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        try (Pin pin = Pin.read(file)) {
            assertThat(pin.characters()).containsExactly('1', '2', '3', '4');
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void anEmptyFileIsRefusedBeforeTheTokenIsAsked(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));

        refused("PIN file " + file + " is empty");
    }

    @Test
    void aMissingFileIsRefused() {
        refused("PIN file " + file + " cannot be read");
    }

    @Test
    void aFileThatIsNoPinFileIsRefused() throws IOException {
        write(new byte[1025]);

        refused("PIN file " + file + " is over 1024 bytes");
    }

    /** The token would count it as a wrong PIN, and lock after a few. */
    @Test
    void aFileThatIsNotUtf8IsRefusedBeforeTheTokenIsAsked() throws IOException {
        write(new byte[] {'p', (byte) 0xe4, 's', 's'});

        refused("PIN file " + file + " is not UTF-8");
    }

    @Test
    void closingZeroesThePin() throws IOException {
        write("1234".getBytes(StandardCharsets.UTF_8));
        char[] characters;
        try (Pin pin = Pin.read(file)) {
            characters = pin.characters();
        }

        assertThat(characters).containsOnly('\0').hasSize(4);
    }

    private String read(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
        try (Pin pin = Pin.read(file)) {
            return new String(pin.characters());
        }
    }

    private void write(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void refused(String message) {
        assertThatThrownBy(() -> Pin.read(file))
                .isInstanceOf(TokenException.class)
                .hasMessage(message);
    }
}
