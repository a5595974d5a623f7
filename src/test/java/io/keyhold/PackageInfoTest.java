package io.keyhold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every package says what it is for, what it may use and what always holds in it. */
class PackageInfoTest {

    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void everyPackageHasOne() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(
                            files.filter(f -> f.toString().endsWith(".java"))
                                    .map(Path::getParent)
                                    .distinct())
                    .allSatisfy(folder -> assertThat(folder.resolve("package-info.java")).exists());
        }
    }

    @ParameterizedTest
    @MethodSource("io.keyhold.Room#all")
    void itSaysWhatTheRoomTableHolds(Room room) throws IOException {
        String text = text(room);

        assertThat(text).containsPattern("<p>May use \\Q" + room.mayUse() + "\\E[.;]");
        assertThat(text).containsPattern("Invariants?: ");
        assertThat(text).contains("@NullMarked package " + room.packageName() + ";");
    }

    /** The file as one line, without the stars of its comment. */
    private static String text(Room room) throws IOException {
        Path file =
                SOURCES.resolve(room.packageName().replace('.', '/')).resolve("package-info.java");
        return Files.readString(file).replaceAll("\\s*\\n( \\*)?\\s*", " ");
    }
}
