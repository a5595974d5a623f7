package io.keyhold.api.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Names and values as in a query, {@code application/x-www-form-urlencoded}. */
final class Form {

    private static final int MOST = 2000;

    private Form() {}

    /**
     * Reads them, in their order.
     *
     * @throws KmsFault SerializationException if it is broken, or has too many
     */
    static List<Map.Entry<String, String>> of(String text) {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        String[] parts = text.split("&", MOST + 1);
        if (parts.length > MOST) {
            throw wrong("has more than " + MOST + " parameters");
        }
        for (String part : parts) {
            int at = part.indexOf('=');
            if (at >= 0) {
                parameters.add(
                        Map.entry(decoded(part.substring(0, at)), decoded(part.substring(at + 1))));
            } else if (!part.isEmpty()) {
                parameters.add(Map.entry(decoded(part), ""));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        byte[] raw = text.getBytes(UTF_8);
        ByteBuffer octets = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                octets.put(raw[i] == '+' ? (byte) ' ' : raw[i]);
            } else if (i + 2 < raw.length && isHex(raw[i + 1]) && isHex(raw[i + 2])) {
                octets.put((byte) HexFormat.fromHexDigits(new String(raw, i + 1, 2, UTF_8)));
                i += 2;
            } else {
                throw wrong("has a % without two hexadecimal digits");
            }
        }
        try {
            return UTF_8.newDecoder().decode(octets.flip()).toString();
        } catch (CharacterCodingException e) {
            throw wrong("is no UTF-8");
        }
    }

    private static boolean isHex(byte c) {
        return HexFormat.isHexDigit(c);
    }

    private static KmsFault wrong(String why) {
        return KmsFault.of(FaultName.SerializationException, "The form %s.", why);
    }
}
