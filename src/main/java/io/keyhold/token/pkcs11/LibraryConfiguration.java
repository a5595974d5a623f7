package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 library, as a file in SunPKCS11's configuration format names it. Keyhold reads {@code
 * name}, {@code library}, {@code nssArgs} and {@code description}; it refuses what it would
 * otherwise ignore. What Keyhold alone has to know of a library stands behind {@code #!}, a comment
 * to SunPKCS11.
 *
 * @param nssArgs what C_Initialize of NSS wants to be told
 * @param oaepSha256 who takes the padding of RSAES_OAEP_SHA_256 off
 * @param aesKeyWrapPad the mechanism that is RFC 5649
 * @param unwrapsModifiable whether CKA_MODIFIABLE of what it unwraps cannot be false
 * @param unwrapsPrivateKeys whether a private key that it unwraps is as it was asked to be
 * @param lacking attributes that the library does not take or does not keep, by CKA_ type
 * @see <a href="https://docs.oracle.com/en/java/javase/25/security/pkcs11-reference-guide1.html">
 *     PKCS#11 Reference Guide</a>
 */
record LibraryConfiguration(
        String name,
        Path library,
        @Nullable String nssArgs,
        OaepSha256 oaepSha256,
        long aesKeyWrapPad,
        boolean unwrapsModifiable,
        boolean unwrapsPrivateKeys,
        Set<Long> lacking) {

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
    private static final Set<String> KNOWN = Set.of("name", "library", "description", "nssArgs");
    private static final String OWN_KNOWN =
            "rsaes_oaep_sha_256, aes_key_wrap_pad, unwraps_modifiable,"
                    + " unwraps_private_keys and lacking_attributes";

    /** Those that a key can do without, if need be; no key is made that may leave the token. */
    static final Map<String, Long> DISPENSABLE =
            Map.of(
                    "CKA_ALLOWED_MECHANISMS", Pkcs11.CKA_ALLOWED_MECHANISMS,
                    "CKA_COPYABLE", Pkcs11.CKA_COPYABLE,
                    "CKA_LOCAL", Pkcs11.CKA_LOCAL);

    /**
     * Reads a configuration.
     *
     * @throws TokenException naming file, line and what would be right
     */
    static LibraryConfiguration read(Path file) {
        @Nullable String name = null;
        @Nullable String library = null;
        @Nullable String nssArgs = null;
        OaepSha256 oaepSha256 = OaepSha256.NONE;
        long aesKeyWrapPad = Pkcs11.CKM_AES_KEY_WRAP_KWP;
        boolean unwrapsModifiable = false;
        boolean unwrapsPrivateKeys = true;
        Set<Long> lacking = Set.of();
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
                case "nssArgs" -> nssArgs = unquoted(setting.group(2), where);
                case "description" -> {}
                case OWN + "rsaes_oaep_sha_256" -> oaepSha256 = oaepSha256(setting.group(2), where);
                case OWN + "aes_key_wrap_pad" -> aesKeyWrapPad = keyWrap(setting.group(2), where);
                case OWN + "unwraps_modifiable" -> unwrapsModifiable = truth(setting, where);
                case OWN + "unwraps_private_keys" -> unwrapsPrivateKeys = truth(setting, where);
                case OWN + "lacking_attributes" -> lacking = lacking(setting.group(2), where);
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
        return new LibraryConfiguration(
                name,
                path,
                nssArgs,
                oaepSha256,
                aesKeyWrapPad,
                unwrapsModifiable,
                unwrapsPrivateKeys,
                lacking);
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

    private static boolean truth(Matcher setting, String where) {
        return switch (setting.group(2)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new TokenException(
                            where
                                    + setting.group(1)
                                    + " is true or false, not "
                                    + setting.group(2));
        };
    }

    private static String unquoted(String text, String where) {
        if (!text.matches("\"[^\"]*\"")) {
            throw new TokenException(where + "nssArgs stands in double quotes");
        }
        return text.substring(1, text.length() - 1);
    }

    private static Set<Long> lacking(String value, String where) {
        Set<Long> lacking = new HashSet<>();
        for (String name : value.split(" +", -1)) {
            Long type = DISPENSABLE.get(name);
            if (type == null) {
                throw new TokenException(
                        "%slacking_attributes may name %s, not %s"
                                .formatted(where, new TreeSet<>(DISPENSABLE.keySet()), name));
            }
            lacking.add(type);
        }
        return Set.copyOf(lacking);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new TokenException(file + " cannot be read", e);
        }
    }
}
