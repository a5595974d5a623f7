package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bytes16Test {

    @Test
    void bytesAreTheDigitsOfTheUuidInTheirOrder() {
        UUID id = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

        assertThat(HexFormat.of().formatHex(Bytes16.of(id)))
                .isEqualTo("00112233445566778899aabbccddeeff");
    }

    @Test
    void bytesAndIdentifierAreOneToOne() {
        Seeded.cases(
                500,
                random -> {
                    byte[] bytes = Seeded.bytes(random, 16, 16);
                    assertThat(Bytes16.of(Bytes16.parse(bytes))).isEqualTo(bytes);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 17, 32})
    void anotherLengthIsRefused(int length) {
        assertThatThrownBy(() -> Bytes16.parse(new byte[length]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(length + " bytes, not 16");
    }

    @Test
    void readingFromABufferTakesExactly16Bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(20).put(new byte[] {9, 9}).putLong(1).putLong(2);
        buffer.flip().position(2);

        assertThat(Bytes16.at(buffer)).isEqualTo(new UUID(1, 2));
        assertThat(buffer.hasRemaining()).isFalse();
    }
}
