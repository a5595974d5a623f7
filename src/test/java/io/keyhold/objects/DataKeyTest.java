package io.keyhold.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

class DataKeyTest {

    private static final byte[] CONTENT = "content".getBytes(UTF_8);

    /** A key of zeros opens what one that was zeroed has sealed. */
    @Test
    void itIsZeroedWhenItsLastHolderClosesItAndHeldNoMore() throws Exception {
        DataKey key = new DataKey(ByteString.copyFrom(Sealed.random(32)), ByteString.EMPTY);
        byte[] sealed = key.seal(CONTENT, "name");

        assertThat(key.hold()).isTrue();
        key.close();
        assertThat(key.open(sealed, "name")).isEqualTo(CONTENT);
        key.close();

        assertThat(key.hold()).isFalse();
        assertThat(Sealed.open(new byte[32], key.seal(CONTENT, "name"), "name")).isEqualTo(CONTENT);
    }
}
