package io.keyhold.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Version 1, to the byte. Callers keep blobs for decades: these must parse for ever. */
class GoldenBlobsTest {

    private static final HexFormat HEX = HexFormat.of();

    private static final UUID KEY = UUID.fromString("1234abcd-12ab-34cd-56ef-1234567890ab");
    private static final UUID BACKING = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static final String IDS =
            "1234abcd12ab34cd56ef1234567890ab" + "00112233445566778899aabbccddeeff";
    private static final String IV = "0102030405060708090a0b0c";
    private static final String SEALED = "c1c2c3" + "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

    private static final String SINGLE_REGION = "0101" + IDS + IV + SEALED;
    private static final String MULTI_REGION = "0181" + IDS + IV + SEALED;

    @Test
    void aBlobOfASingleRegionKeyParses() {
        CiphertextBlob blob = parse(SINGLE_REGION);

        assertThat(blob.header()).isEqualTo(new BlobHeader(new KeyId(KEY, false), BACKING));
        assertThat(HEX.formatHex(blob.iv())).isEqualTo(IV);
        assertThat(HEX.formatHex(blob.sealed())).isEqualTo(SEALED);
    }

    @Test
    void aBlobOfAMultiRegionKeyParses() {
        CiphertextBlob blob = parse(MULTI_REGION);

        assertThat(blob.header().key()).hasToString("mrk-1234abcd12ab34cd56ef1234567890ab");
        assertThat(blob.header().backingId()).isEqualTo(BACKING);
    }

    @Test
    void theSamePartsGiveTheSameBytesAgain() {
        assertThat(encode(new KeyId(KEY, false))).isEqualTo(SINGLE_REGION);
        assertThat(encode(new KeyId(KEY, true))).isEqualTo(MULTI_REGION);
    }

    @Test
    void authenticatedDataIsTheHeaderAndThenTheCanonicalContext() {
        BlobHeader header = new BlobHeader(new KeyId(KEY, false), BACKING);
        EncryptionContext context = EncryptionContext.of(Map.of("k", "v"));

        assertThat(HEX.formatHex(header.authenticatedData(context)))
                .isEqualTo("0101" + IDS + "0001" + "00016b" + "000176");
        assertThat(HEX.formatHex(header.authenticatedData(EncryptionContext.EMPTY)))
                .isEqualTo("0101" + IDS + "0000");
    }

    private static CiphertextBlob parse(String hex) {
        return CiphertextBlob.parse(ByteBuffer.wrap(HEX.parseHex(hex))).orElseThrow();
    }

    private static String encode(KeyId key) {
        return HEX.formatHex(
                new CiphertextBlob(
                                new BlobHeader(key, BACKING),
                                HEX.parseHex(IV),
                                HEX.parseHex(SEALED))
                        .encode());
    }
}
