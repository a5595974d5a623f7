package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A secret that can be recognised, also in other spellings and in part.
 *
 * @param text one byte a character
 */
record Canary(String name, String text) {

    /** A run of so many of its bytes is no accident. */
    private static final int RUN = 8;

    Canary(String name, byte[] bytes) {
        this(name, new String(bytes, ISO_8859_1));
    }

    byte[] bytes() {
        return text.getBytes(ISO_8859_1);
    }

    /** So many bytes of it, over and over. */
    byte[] times(int length) {
        byte[] repeated = new byte[length];
        for (int i = 0; i < length; i++) {
            repeated[i] = bytes()[i % text.length()];
        }
        return repeated;
    }

    /** The spellings in which the bytes hold a part of it. */
    List<String> tracesIn(byte[] haystack) {
        String hay = new String(haystack, ISO_8859_1);
        List<String> found = new ArrayList<>();
        for (int from = 0; from + RUN <= text.length(); from++) {
            String run = text.substring(from, from + RUN);
            spellings(run)
                    .forEach(
                            (kind, spelling) -> {
                                if (hay.contains(spelling)) {
                                    found.add(run + " as " + kind);
                                }
                            });
        }
        return found;
    }

    private static Map<String, String> spellings(String run) {
        byte[] bytes = run.getBytes(ISO_8859_1);
        return Map.of(
                "text", run,
                "UTF-16BE", new String(run.getBytes(UTF_16BE), ISO_8859_1),
                "UTF-16LE", new String(run.getBytes(UTF_16LE), ISO_8859_1),
                "hex", HexFormat.of().formatHex(bytes),
                "HEX", HexFormat.of().withUpperCase().formatHex(bytes),
                "hex with spaces", HexFormat.ofDelimiter(" ").formatHex(bytes),
                "hex with colons", HexFormat.ofDelimiter(":").formatHex(bytes),
                "decimals", decimals(bytes),
                // What no byte behind it changes; with every run, every alignment is looked for.
                "Base64", Base64.getEncoder().encodeToString(bytes).substring(0, RUN * 4 / 3));
    }

    /** As Arrays.toString shows them. */
    private static String decimals(byte[] bytes) {
        String list = Arrays.toString(bytes);
        return list.substring(1, list.length() - 1);
    }

    @Override
    public String toString() {
        return name;
    }
}
