package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 library, as a file in SunPKCS11's configuration format names it. Keyhold reads {@code
 * name}, {@code library} and {@code description}; it refuses what it would otherwise ignore.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/25/security/pkcs11-reference-guide1.html">
 *     PKCS#11 Reference Guide</a>
 */
record LibraryConfiguration(String name, Path library) {

    private static final Pattern LINE = Pattern.compile("\\s*(\\w+)\\s*=\\s*(.*?)\\s*");
    private static final Set<String> KNOWN = Set.of("name", "library", "description");

    /**
     * Reads a configuration.
     *
     * @throws TokenException naming file, line and what would be right
     */
    static LibraryConfiguration read(Path file) {
        @Nullable String name = null;
        @Nullable String library = null;
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Matcher setting = LINE.matcher(line);
            String where = file + ":" + (i + 1) + ": ";
            if (!setting.matches()) {
                throw new TokenException(where + "not of the form 'name = value'");
            }
            switch (setting.group(1)) {
                case "name" -> name = setting.group(2);
                case "library" -> library = setting.group(2);
                case "description" -> {}
                default ->
                        throw new TokenException(
                                where + setting.group(1) + " is not used; known are " + KNOWN);
            }
        }
        if (name == null || library == null) {
            throw new TokenException(file + ": needs both name and library");
        }
        Path path = Path.of(library);
        if (!path.isAbsolute() || !Files.isRegularFile(path)) {
            throw new TokenException(file + ": library = " + library + " is no file");
        }
        return new LibraryConfiguration(name, path);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new TokenException(file + " cannot be read", e);
        }
    }
}
