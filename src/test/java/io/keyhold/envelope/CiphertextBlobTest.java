package io.keyhold.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyId;
import io.keyhold.testkit.Seeded;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CiphertextBlobTest {

    private static final int LEAST = 62;

    @Test
    void whatIsEncodedParsesToTheSame() {
        Seeded.cases(
                500,
                random -> {
                    CiphertextBlob blob = blob(random);
                    CiphertextBlob again = parse(blob.encode()).orElseThrow();

                    assertThat(again.header()).isEqualTo(blob.header());
                    assertThat(again.iv()).isEqualTo(blob.iv());
                    assertThat(again.sealed()).isEqualTo(blob.sealed());
                });
    }

    @Test
    void aBlobIs62BytesLongerThanThePlaintext() {
        Random random = new Random(1);
        byte[] sealed = Seeded.bytes(random, 4096 + 16, 4096 + 16);

        assertThat(new CiphertextBlob(header(random), new byte[12], sealed).encode())
                .hasSize(4096 + LEAST);
    }

    @Test
    void everyTruncationThatCutsTheTagIsRefused() {
        byte[] whole =
                new CiphertextBlob(header(new Random(1)), new byte[12], new byte[16]).encode();

        assertThat(whole).hasSize(LEAST);
        assertThat(parse(whole)).isPresent();
        for (int length = 0; length < LEAST; length++) {
            assertThat(parse(Arrays.copyOf(whole, length))).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void everyTruncationOfALongerBlobIsAnotherBlobOrNone() {
        Seeded.cases(
                20,
                random -> {
                    byte[] whole = blob(random).encode();
                    for (int length = LEAST; length < whole.length; length++) {
                        byte[] cut = Arrays.copyOf(whole, length);
                        assertThat(parse(cut).orElseThrow().encode()).isEqualTo(cut);
                    }
                });
    }

    @Test
    void everyFlippedBitOfTheHeaderIsRefusedOrChangesHeaderAndAuthenticatedData() {
        Seeded.cases(
                20,
                random -> {
                    CiphertextBlob blob = blob(random);
                    byte[] aad = blob.header().authenticatedData(EncryptionContext.EMPTY);
                    for (int bit = 0; bit < BlobHeader.LENGTH * 8; bit++) {
                        Optional<BlobHeader> other =
                                parse(flip(blob.encode(), bit)).map(b -> b.header());
                        if (other.isPresent()) {
                            assertThat(other.get()).as("bit %d", bit).isNotEqualTo(blob.header());
                            assertThat(other.get().authenticatedData(EncryptionContext.EMPTY))
                                    .as("bit %d", bit)
                                    .isNotEqualTo(aad);
                        }
                    }
                });
    }

    @Test
    void everyFlippedBitBehindTheHeaderReachesTheToken() {
        CiphertextBlob blob = blob(new Random(1));
        byte[] whole = blob.encode();
        for (int bit = BlobHeader.LENGTH * 8; bit < whole.length * 8; bit++) {
            CiphertextBlob other = parse(flip(whole, bit)).orElseThrow();
            boolean same =
                    Arrays.equals(other.iv(), blob.iv())
                            && Arrays.equals(other.sealed(), blob.sealed());
            assertThat(same).as("bit %d is lost", bit).isFalse();
        }
    }

    @Test
    void everyOtherVersionIsRefused() {
        byte[] whole = blob(new Random(1)).encode();
        for (int version = 0; version < 256; version++) {
            whole[0] = (byte) version;
            assertThat(parse(whole).isPresent()).as("version %d", version).isEqualTo(version == 1);
        }
    }

    @Test
    void everyOtherAlgorithmIsRefusedAndTheTopBitSaysMultiRegion() {
        byte[] whole = blob(new Random(1)).encode();
        for (int algorithm = 0; algorithm < 256; algorithm++) {
            whole[1] = (byte) algorithm;
            Optional<Boolean> multiRegion = parse(whole).map(b -> b.header().key().multiRegion());
            switch (algorithm) {
                case 0x01 -> assertThat(multiRegion).contains(false);
                case 0x81 -> assertThat(multiRegion).contains(true);
                default -> assertThat(multiRegion).as("algorithm %d", algorithm).isEmpty();
            }
        }
    }

    @Test
    void bytesThatParseHaveNoOtherSpelling() {
        Seeded.cases(
                2000,
                random -> {
                    byte[] bytes = Seeded.bytes(random, 2, 120);
                    bytes[0] = 1;
                    bytes[1] = (byte) (random.nextBoolean() ? 0x01 : 0x81);
                    assertThat(parse(bytes).isPresent()).isEqualTo(bytes.length >= LEAST);
                    parse(bytes).ifPresent(blob -> assertThat(blob.encode()).isEqualTo(bytes));
                });
    }

    @Test
    void parsingLeavesTheBufferAsItWas() {
        byte[] whole = blob(new Random(1)).encode();
        ByteBuffer padded = ByteBuffer.allocate(whole.length + 5).position(5).put(whole);
        padded.position(5);

        Optional<CiphertextBlob> blob = CiphertextBlob.parse(padded.asReadOnlyBuffer());
        CiphertextBlob.parse(padded);

        assertThat(blob).map(CiphertextBlob::encode).contains(whole);
        assertThat(padded.position()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"11, 16", "13, 16", "0, 16", "12, 15", "12, 0"})
    void partsOfAnotherLengthMakeNoBlob(int iv, int sealed) {
        BlobHeader header = header(new Random(1));

        assertThatThrownBy(() -> new CiphertextBlob(header, new byte[iv], new byte[sealed]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static CiphertextBlob blob(Random random) {
        return new CiphertextBlob(
                header(random), Seeded.bytes(random, 12, 12), Seeded.bytes(random, 16, 80));
    }

    private static BlobHeader header(Random random) {
        return new BlobHeader(
                new KeyId(new UUID(random.nextLong(), random.nextLong()), random.nextBoolean()),
                new UUID(random.nextLong(), random.nextLong()));
    }

    private static Optional<CiphertextBlob> parse(byte[] bytes) {
        return CiphertextBlob.parse(ByteBuffer.wrap(bytes));
    }

    private static byte[] flip(byte[] bytes, int bit) {
        BitSet bits = BitSet.valueOf(bytes);
        bits.flip(bit);
        return Arrays.copyOf(bits.toByteArray(), bytes.length);
    }
}
