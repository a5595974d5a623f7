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
 * @param aesKeyWrapPad the mechanism that is RFC 5649
 * @param unwrapsModifiable whether CKA_MODIFIABLE of what it unwraps cannot be false
 * @see <a href="https://docs.oracle.com/en/java/javase/25/security/pkcs11-reference-guide1.html">
 *     PKCS#11 Reference Guide</a>
 */
record LibraryConfiguration(
        String name,
        Path library,
        OaepSha256 oaepSha256,
        long aesKeyWrapPad,
        boolean unwrapsModifiable) {

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
    private static final String OWN_KNOWN =
            "rsaes_oaep_sha_256, aes_key_wrap_pad and unwraps_modifiable";

    /**
     * Reads a configuration.
     *
     * @throws TokenException naming file, line and what would be right
     */
    static LibraryConfiguration read(Path file) {
        @Nullable String name = null;
        @Nullable String library = null;
        OaepSha256 oaepSha256 = OaepSha256.NONE;
        long aesKeyWrapPad = Pkcs11.CKM_AES_KEY_WRAP_KWP;
        boolean unwrapsModifiable = false;
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
            switch ((own ? OWN : "") + setting.group(1)) {
                case "name" -> name = setting.group(2);
                case "library" -> library = setting.group(2);
                case "description" -> {}
                case OWN + "rsaes_oaep_sha_256" -> oaepSha256 = oaepSha256(setting.group(2), where);
                case OWN + "aes_key_wrap_pad" -> aesKeyWrapPad = keyWrap(setting.group(2), where);
                case OWN + "unwraps_modifiable" ->
                        unwrapsModifiable = truth(setting.group(2), where);
                default -> throw notUsed(setting.group(1), where, own);
            }
        }
        if (name == null || library == null) {
            throw new TokenException(file + ": needs both name and library");
        }
        Path path = Path.of(library);
        if (!path.isAbsolute() || !Files.isRegularFile(path)) {
            throw new TokenException(file + ": library = " + library + " is no file");
        }
        return new LibraryConfiguration(name, path, oaepSha256, aesKeyWrapPad, unwrapsModifiable);
    }

    private static TokenException notUsed(String name, String where, boolean own) {
        return new TokenException(
                own
                        ? where + OWN + " knows " + OWN_KNOWN + ", not " + name
                        : where + name + " is not used; known are " + KNOWN);
    }

    private static OaepSha256 oaepSha256(String value, String where) {
        return Arrays.stream(OaepSha256.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseThrow(
                        () ->
                                new TokenException(
                                        where
                                                + "rsaes_oaep_sha_256 is token, daemon or none, not"
                                                + " "
                                                + value));
    }

    /** PKCS #11 v2.40 has the first without saying what it is, and tokens differ. */
    private static long keyWrap(String value, String where) {
        return switch (value) {
            case "0x210a" -> Pkcs11.CKM_AES_KEY_WRAP_PAD;
            case "0x210b" -> Pkcs11.CKM_AES_KEY_WRAP_KWP;
            default ->
                    throw new TokenException(
                            where + "aes_key_wrap_pad is 0x210a or 0x210b, not " + value);
        };
    }

    private static boolean truth(String value, String where) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new TokenException(
                            where + "unwraps_modifiable is true or false, not " + value);
        };
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new TokenException(file + " cannot be read", e);
        }
    }
}
