package io.keyhold.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Seeded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalFileTest {

    @TempDir private Path home;
    private Path folder;
    private Path path;

    @BeforeEach
    void nameFile() {
        folder = home.resolve("audit");
        path = folder.resolve("journal.jsonl");
    }

    @Test
    void fileAndFolderAreForTheirOwnerOnly() throws IOException {
        JournalFile.open(folder).close();

        assertThat(Files.getPosixFilePermissions(path))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(folder))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void linesAreAppendedAcrossRestarts() throws IOException {
        append("one\ntwo\n");
        append("three\n");

        assertThat(path).hasContent("one\ntwo\nthree\n");
    }

    @ParameterizedTest
    @CsvSource({
        "one\\ntwo\\nthr, one\\ntwo\\n",
        "one, ''",
        "'', ''",
        "one\\n, one\\n",
        "\\nx, \\n"
    })
    void aTornTailIsCutOffAndWholeLinesAreKept(String before, String after) throws IOException {
        write(before.translateEscapes().getBytes(StandardCharsets.UTF_8));
        append("next\n");

        assertThat(Files.readString(path)).isEqualTo(after.translateEscapes() + "next\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 200_000})
    void aTornTailMayBeLongerThanOneRead(int length) throws IOException {
        byte[] torn = new byte[length];
        Arrays.fill(torn, (byte) 'x');
        byte[] whole = "one\n".getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(whole, whole.length + length);
        System.arraycopy(torn, 0, both, whole.length, length);

        write(both);
        append("next\n");
        assertThat(Files.readString(path)).isEqualTo("one\nnext\n");

        write(torn);
        append("next\n");
        assertThat(Files.readString(path)).isEqualTo("next\n");
    }

    @Test
    void whereverACrashCutsOnlyWhatFollowsTheLastLineFeedIsLost() {
        Seeded.cases(
                50,
                random -> {
                    byte[] bytes = Seeded.bytes(random, 0, 140_000);
                    for (int i = 0; i < bytes.length; i++) {
                        boolean feed = random.nextInt(50_000) == 0;
                        bytes[i] = feed ? (byte) '\n' : (byte) (bytes[i] | 0x20);
                    }
                    int kept = bytes.length;
                    while (kept > 0 && bytes[kept - 1] != '\n') {
                        kept--;
                    }
                    write(bytes);

                    JournalFile.open(folder).close();

                    assertThat(Files.readAllBytes(path)).isEqualTo(Arrays.copyOf(bytes, kept));
                });
    }

    @Test
    void aFileThatWasUnlinkedIsMadeAnewPrivateAndUsed() throws IOException {
        try (JournalFile file = JournalFile.open(folder)) {
            file.append(bytes("lost\n"));
            Files.delete(path);

            file.check();
            file.append(bytes("kept\n"));
            file.sync();
        }

        assertThat(path).hasContent("kept\n");
        assertThat(Files.getPosixFilePermissions(path))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aFileThatWasReplacedIsAppendedTo() throws IOException {
        try (JournalFile file = JournalFile.open(folder)) {
            file.append(bytes("moved\n"));
            Files.move(path, folder.resolve("journal.1"));
            Files.writeString(path, "there\nto");

            file.check();
            file.append(bytes("kept\n"));
            file.sync();
        }

        assertThat(path).hasContent("there\nkept\n");
        assertThat(folder.resolve("journal.1")).hasContent("moved\n");
    }

    @Test
    void aFileThatIsAsItWasIsLeftAlone() throws IOException {
        try (JournalFile file = JournalFile.open(folder)) {
            file.append(bytes("one\n"));
            file.check();
            file.append(bytes("two\n"));
        }

        assertThat(path).hasContent("one\ntwo\n");
    }

    private void append(String lines) throws IOException {
        try (JournalFile file = JournalFile.open(folder)) {
            file.append(bytes(lines));
            file.sync();
        }
    }

    private void write(byte[] bytes) throws IOException {
        Files.createDirectories(folder);
        Files.write(path, bytes);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
