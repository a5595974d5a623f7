package io.keyhold.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.envelope.CiphertextBlob;
import java.nio.ByteBuffer;

/** Any bytes are no blob, or a blob that is written as exactly these bytes. */
public final class BlobFuzz {

    private BlobFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        CiphertextBlob.parse(ByteBuffer.wrap(bytes))
                .ifPresent(blob -> assertThat(blob.encode()).isEqualTo(bytes));
    }
}
