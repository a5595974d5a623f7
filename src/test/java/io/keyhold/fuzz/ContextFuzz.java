package io.keyhold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Any pairs are refused, or have a canonical form that says exactly them, in whatever order they
 * came. The input is UTF-16 with keys and values in turn, each up to a line feed.
 */
public final class ContextFuzz {

    private ContextFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Map<String, String> pairs = pairs(bytes);
        EncryptionContext context;
        try {
            context = EncryptionContext.of(pairs);
        } catch (KmsFault fault) {
            assertThat(fault.name()).isEqualTo(FaultName.ValidationException);
            assertThat(allowed(pairs)).as("%s", pairs).isFalse();
            return;
        }
        assertThat(allowed(pairs)).as("%s", pairs).isTrue();
        assertThat(context.size()).isEqualTo(context.canonical().length);
        assertThat(decode(context.canonical())).isEqualTo(pairs);
        assertThat(EncryptionContext.of(reversed(pairs)).canonical())
                .isEqualTo(context.canonical());
    }

    private static Map<String, String> pairs(byte[] bytes) {
        // A decoder would mend what is no Unicode, and that must be refused.
        StringBuilder text = new StringBuilder(bytes.length / 2);
        ByteBuffer.wrap(bytes, 0, bytes.length & ~1)
                .asCharBuffer()
                .chars()
                .forEach(unit -> text.append((char) unit));
        String[] parts = text.isEmpty() ? new String[0] : text.toString().split("\n", -1);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < parts.length; i += 2) {
            pairs.put(parts[i], i + 1 < parts.length ? parts[i + 1] : "");
        }
        return pairs;
    }

    private static boolean allowed(Map<String, String> pairs) {
        int size = 2;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            size +=
                    4
                            + pair.getKey().getBytes(UTF_8).length
                            + pair.getValue().getBytes(UTF_8).length;
            if (pair.getKey().isEmpty() || broken(pair.getKey()) || broken(pair.getValue())) {
                return false;
            }
        }
        return size <= EncryptionContext.MAX_BYTES;
    }

    private static boolean broken(String text) {
        return text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static Map<String, String> decode(byte[] canonical) {
        ByteBuffer in = ByteBuffer.wrap(canonical);
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int left = in.getShort(); left > 0; left--) {
            pairs.put(text(in), text(in));
        }
        assertThat(in.hasRemaining()).isFalse();
        return pairs;
    }

    private static String text(ByteBuffer in) {
        byte[] utf8 = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(utf8);
        return new String(utf8, UTF_8);
    }

    private static Map<String, String> reversed(Map<String, String> pairs) {
        List<Map.Entry<String, String>> entries = new ArrayList<>(pairs.entrySet());
        Collections.reverse(entries);
        Map<String, String> reversed = new LinkedHashMap<>();
        entries.forEach(entry -> reversed.put(entry.getKey(), entry.getValue()));
        return reversed;
    }

    /** The input that stands for some pairs. */
    static byte[] input(String... keysAndValues) {
        return String.join("\n", keysAndValues).getBytes(UTF_16BE);
    }
}
