package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.token.pkcs11.RefusedPins.PinRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedPinsTest {

    private static final String SERIAL = "4f2a";

    @TempDir private Path folder;
    private Path marker;

    @BeforeEach
    void nameMarker() {
        marker = folder.resolve("pin-refused");
    }

    @Test
    void withoutAMarkerEveryPinMayBeTried() {
        passes(SERIAL, "1234");
    }

    @Test
    void aRefusedPinIsNotTriedAgainAfterARestartEither() {
        remember(SERIAL, "1234");

        assertThatThrownBy(() -> check(SERIAL, "1234"))
                .isInstanceOf(PinRefusedException.class)
                .hasMessageContaining("the token refused this PIN before")
                .hasMessageContaining(marker.toString());
    }

    @Test
    void aCorrectedPinMayBeTried() {
        remember(SERIAL, "1234");

        passes(SERIAL, "1235");
    }

    @Test
    void anotherTokenMayBeAskedWithTheSamePin() {
        remember(SERIAL, "1234");

        passes("4f2b", "1234");
    }

    @Test
    void removingTheMarkerAllowsThePinAgain() throws IOException {
        remember(SERIAL, "1234");
        Files.delete(marker);

        passes(SERIAL, "1234");
    }

    @Test
    void removingTheMarkerAllowsThePinAgainInTheSameProcessToo() throws IOException {
        RefusedPins refused = new RefusedPins(marker);
        try (Pin pin = pin("1234")) {
            refused.remember(SERIAL, pin);
            Files.delete(marker);

            assertThatCode(() -> refused.check(SERIAL, pin)).doesNotThrowAnyException();
        }
    }

    @Test
    void aRefusalThatCannotBeWrittenIsRememberedByTheProcess() throws IOException {
        RefusedPins refused = new RefusedPins(folder.resolve("no/such/folder/pin-refused"));
        try (Pin pin = pin("1234");
                Pin other = pin("5678")) {
            assertThatThrownBy(() -> refused.remember(SERIAL, pin)).isInstanceOf(IOException.class);

            assertThatThrownBy(() -> refused.check(SERIAL, pin))
                    .isInstanceOf(PinRefusedException.class);
            assertThatCode(() -> refused.check(SERIAL, other)).doesNotThrowAnyException();
        }
    }

    @Test
    void theMarkerIsPrivateAndHoldsNoPin() throws IOException {
        remember(SERIAL, "s3cret");

        assertThat(Files.getPosixFilePermissions(marker))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(marker)).doesNotContain("s3cret").startsWith(SERIAL + "\n");
        try (var files = Files.list(folder)) {
            assertThat(files.filter(f -> !f.getFileName().toString().equals("pin")))
                    .containsExactly(marker);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4f2a\n", "4f2a\n00\n00\n", "4f2a\nsalt\nhash\n", "4f2a\n0\n0\n"})
    void aDamagedMarkerStopsTheLoginAndSaysWhatToDo(String text) throws IOException {
        Files.writeString(marker, text);

        damaged();
    }

    @Test
    void aMarkerOfAnotherLengthIsDamaged() throws IOException {
        remember(SERIAL, "1234");
        String whole = Files.readString(marker);
        for (String text :
                new String[] {
                    whole + "more\n",
                    whole.substring(0, whole.length() - 3),
                    whole.replaceFirst("\n..", "\n")
                }) {
            Files.writeString(marker, text);
            damaged();
        }
    }

    private void damaged() {
        assertThatThrownBy(() -> check(SERIAL, "1234"))
                .isInstanceOf(TokenException.class)
                .hasMessage(marker + " is damaged: correct the PIN file and remove it");
    }

    private void passes(String serial, String pin) {
        assertThatCode(() -> check(serial, pin)).doesNotThrowAnyException();
    }

    /** Each time as a daemon that has just started. */
    private void check(String serial, String text) throws IOException {
        try (Pin pin = pin(text)) {
            new RefusedPins(marker).check(serial, pin);
        }
    }

    private void remember(String serial, String text) {
        try (Pin pin = pin(text)) {
            new RefusedPins(marker).remember(serial, pin);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Pin pin(String text) throws IOException {
        Path file = folder.resolve("pin");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return Pin.read(file);
    }
}
