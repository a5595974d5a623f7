package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Seeded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The canonical bytes: fixed for ever, since every ciphertext is bound to them. */
class EncryptionContextTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void canonicalBytesStayWhatTheyAre() {
        EncryptionContext context =
                EncryptionContext.of(Map.of("Purpose", "Test", "Department", "IT", "é", ""));

        assertThat(HEX.formatHex(context.canonical()))
                .isEqualTo(
                        "0003"
                                + ("000a" + "4465706172746d656e74" + "0002" + "4954")
                                + ("0007" + "507572706f7365" + "0004" + "54657374")
                                + ("0002" + "c3a9" + "0000"));
    }

    @Test
    void noPairsAreTwoZeroBytes() {
        assertThat(EncryptionContext.of(Map.of()).canonical()).containsExactly(0, 0);
        assertThat(EncryptionContext.EMPTY.canonical()).containsExactly(0, 0);
    }

    @Test
    void orderIsThatOfUnsignedUtf8BytesNotOfUtf16() {
        String below = "\uff61"; // ef bd a1, as UTF-16 ff61
        String above = "\ud800\udc00"; // f0 90 80 80, as UTF-16 d800 dc00
        assertThat(above).isLessThan(below);

        EncryptionContext context = EncryptionContext.of(Map.of(above, "", below, ""));

        assertThat(HEX.formatHex(context.canonical()))
                .isEqualTo("0002" + "0003efbda10000" + "0004f09080800000");
    }

    @Test
    void shorterKeysComeBeforeTheirExtensions() {
        EncryptionContext context = EncryptionContext.of(Map.of("ab", "", "a", "", "b", ""));

        assertThat(HEX.formatHex(context.canonical()))
                .isEqualTo("0003" + "0001610000" + "000261620000" + "0001620000");
    }

    @Test
    void theOrderInWhichPairsAreGivenDoesNotMatter() {
        Seeded.cases(
                200,
                random -> {
                    Map<String, String> pairs = pairs(random);
                    List<String> keys = new ArrayList<>(pairs.keySet());
                    Collections.shuffle(keys, random);
                    Map<String, String> shuffled = new LinkedHashMap<>();
                    keys.forEach(key -> shuffled.put(key, pairs.get(key)));

                    assertThat(EncryptionContext.of(shuffled).canonical())
                            .isEqualTo(EncryptionContext.of(pairs).canonical());
                });
    }

    @Test
    void aBoundaryBetweenKeyAndValueCannotBeMoved() {
        assertThat(EncryptionContext.of(Map.of("a", "bc")).canonical())
                .isNotEqualTo(EncryptionContext.of(Map.of("ab", "c")).canonical());
        assertThat(EncryptionContext.of(Map.of("a", "b", "c", "d")).canonical())
                .isNotEqualTo(EncryptionContext.of(Map.of("a", "bcd")).canonical());
    }

    @Test
    void differentPairsNeverHaveTheSameBytes() {
        // What can be read back, cannot be ambiguous.
        Seeded.cases(
                500,
                random -> {
                    Map<String, String> pairs = pairs(random);
                    assertThat(read(EncryptionContext.of(pairs))).isEqualTo(pairs);
                });
    }

    @Test
    void textIsNotNormalised() {
        assertThat(EncryptionContext.of(Map.of("k", "\u00e9")).canonical())
                .isNotEqualTo(EncryptionContext.of(Map.of("k", "e\u0301")).canonical());
    }

    @Test
    void nobodyCanChangeTheBytesAfterwards() {
        EncryptionContext context = EncryptionContext.of(Map.of("k", "v"));
        byte[] before = context.canonical();

        context.canonical()[0] = 1;

        assertThat(context.canonical()).isEqualTo(before);
    }

    @Test
    void whatIsAppendedToABufferIsTheCanonicalForm() {
        EncryptionContext context = EncryptionContext.of(Map.of("k", "v"));
        ByteBuffer out = ByteBuffer.allocate(context.size());

        context.writeTo(out);

        assertThat(out.array()).isEqualTo(context.canonical());
    }

    private static Map<String, String> pairs(Random random) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int left = random.nextInt(9); left > 0; left--) {
            pairs.put(Seeded.text(random, 1, 4), Seeded.text(random, 0, 30));
        }
        return pairs;
    }

    private static Map<String, String> read(EncryptionContext context) {
        ByteBuffer in = ByteBuffer.wrap(context.canonical());
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
            String key = readText(in);
            pairs.put(key, readText(in));
        }
        assertThat(in.remaining()).isZero();
        return pairs;
    }

    private static String readText(ByteBuffer in) {
        byte[] text = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
