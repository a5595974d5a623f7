package io.keyhold.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/**
 * Text percent-encoded, but for what RFC 3986, section 2.3, calls unreserved: as AWS signs it and
 * as IAM answers policies.
 */
public final class UriText {

    private static final String PLAIN = "-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UriText() {}

    public static String of(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte octet : text.getBytes(UTF_8)) {
            if (isPlain((char) (octet & 0xff))) {
                encoded.append((char) octet);
            } else {
                encoded.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PLAIN.indexOf(c) >= 0;
    }
}
