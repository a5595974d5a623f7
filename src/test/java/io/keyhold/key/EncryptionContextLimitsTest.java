package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionContextLimitsTest {

    /** Two bytes of count, four of lengths, one of key. */
    private static final int REST = 8192 - 7;

    @Test
    void exactly8192BytesPass() {
        assertThat(EncryptionContext.of(Map.of("k", "v".repeat(REST))).size()).isEqualTo(8192);
    }

    @Test
    void oneByteMoreIsRefused() {
        assertThat(refusal(Map.of("k", "v".repeat(REST + 1))))
                .isEqualTo("EncryptionContext takes more than 8192 bytes.");
    }

    @Test
    void bytesCountNotCharacters() {
        assertThat(EncryptionContext.of(Map.of("k", "é".repeat(REST / 2))).size()).isEqualTo(8191);
        assertThat(refusal(Map.of("k", "é".repeat(REST / 2 + 1)))).contains("8192 bytes");
    }

    @Test
    void pairsCountTogether() {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < 1024; i++) {
            pairs.put(String.format("%04d", i), "");
        }
        assertThat(refusal(pairs)).contains("8192 bytes");

        pairs.remove("0000");

        assertThat(EncryptionContext.of(pairs).size()).isEqualTo(2 + 1023 * 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536, 65_537, 1_000_000})
    void lengthsThatDoNotFitIn16BitsAreRefused(int length) {
        assertThat(refusal(Map.of("k", "v".repeat(length)))).contains("8192 bytes");
        assertThat(refusal(Map.of("k".repeat(length), ""))).contains("8192 bytes");
    }

    @Test
    void emptyKeyIsRefusedAndEmptyValueIsNot() {
        assertThat(refusal(Map.of("", "v"))).isEqualTo("EncryptionContext has an empty key.");
        assertThat(EncryptionContext.of(Map.of("k", "")).size()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "a\ud800b", "\udc00\ud800", "\ud83d"})
    void unpairedSurrogatesAreRefused(String broken) {
        String message = "EncryptionContext holds an unpaired surrogate.";

        assertThat(refusal(Map.of(broken, "v"))).isEqualTo(message);
        assertThat(refusal(Map.of("k", broken))).isEqualTo(message);
    }

    private static String refusal(Map<String, String> pairs) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> EncryptionContext.of(pairs));
        assertThat(fault.name()).isEqualTo(FaultName.ValidationException);
        return fault.text();
    }
}
