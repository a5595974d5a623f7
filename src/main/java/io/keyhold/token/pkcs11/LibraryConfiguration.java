package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 library, as a file in SunPKCS11's configuration format names it. Keyhold reads {@code
 * name}, {@code library} and {@code description}; it refuses what it would otherwise ignore. What
 * Keyhold alone has to know of a library stands behind {@code #!}, a comment to SunPKCS11.
 *
 * @param oaepSha256 who takes the padding of RSAES_OAEP_SHA_256 off
 * @see <a href="https://docs.oracle.com/en/java/javase/25/security/pkcs11-reference-guide1.html">
 *     PKCS#11 Reference Guide</a>
 */
record LibraryConfiguration(String name, Path library, OaepSha256 oaepSha256) {

    private static final String OWN = "#!";

    /** Where RSAES_OAEP_SHA_256 is deciphered. */
    enum OaepSha256 {
        /** In the token, by CKM_RSA_PKCS_OAEP. */
        TOKEN,
        /** The token does RSA, and the daemon takes the padding off: for development only. */
        DAEMON,
        /** Nowhere: it is not offered. */
        NONE
    }

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
        OaepSha256 oaepSha256 = OaepSha256.NONE;
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean own = line.startsWith(OWN);
            if (line.isBlank() || (line.startsWith("#") && !own)) {
                continue;
            }
            Matcher setting = LINE.matcher(own ? line.substring(OWN.length()) : line);
            String where = file + ":" + (i + 1) + ": ";
            if (!setting.matches()) {
                throw new TokenException(where + "not of the form 'name = value'");
            }
            if (own) {
                oaepSha256 = oaepSha256(setting, where);
                continue;
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
        return new LibraryConfiguration(name, path, oaepSha256);
    }

    private static OaepSha256 oaepSha256(Matcher setting, String where) {
        if (!setting.group(1).equals("rsaes_oaep_sha_256")) {
            throw new TokenException(
                    where + OWN + " knows rsaes_oaep_sha_256, not " + setting.group(1));
        }
        return Arrays.stream(OaepSha256.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(setting.group(2)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new TokenException(
                                        where
                                                + "rsaes_oaep_sha_256 is token, daemon or none, not"
                                                + " "
                                                + setting.group(2)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new TokenException(file + " cannot be read", e);
        }
    }
}
