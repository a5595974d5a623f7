package io.keyhold.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keyhold.envelope.BlobHeader;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.key.Arn;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Grant;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What stands in an input for the ID of a key that exists and for a ciphertext that opens: these
 * differ in each run, and an input must not. Each piece of a ciphertext stands for itself, so that
 * one with a changed piece still has the others.
 */
final class StandIns {

    /** Stands for a key's ID. */
    static final String KEY_ID = "e1e2e3e4-e5e6-4708-890a-0b0c0d0e0f10";

    /** The ID of a grant of that key; the same in each run. */
    static final String GRANT_ID = "9".repeat(64);

    /** CKA_ID of an object that may become material of that key; the same in each run. */
    static final UUID WAIF = UUID.fromString("a1a2a3a4-a5a6-4708-890a-0b0c0d0e0f10");

    /** Stands for the token of that grant. */
    static final String GRANT_TOKEN = tokenOf(KeyId.parse(KEY_ID).orElseThrow());

    private static final BlobHeader HEADER =
            new BlobHeader(
                    new KeyId(UUID.fromString("c1c2c3c4-c5c6-4708-890a-0b0c0d0e0f10"), false),
                    UUID.fromString("b1b2b3b4-b5b6-4708-890a-0b0c0d0e0f10"));
    private static final byte[] IV = "An IV 96bit.".getBytes(US_ASCII);
    private static final byte[] SEALED = "Sealed and a tag.".getBytes(US_ASCII);

    /** Stands for the ciphertext of one byte, without an encryption context. */
    static final byte[] BLOB = new CiphertextBlob(HEADER, IV, SEALED).encode();

    /** Stand for the IDs of keys of other kinds. */
    static final String HMAC_ID = "d1e2e3e4-e5e6-4708-890a-0b0c0d0e0f10";

    static final String SIGNING_ID = "d2e2e3e4-e5e6-4708-890a-0b0c0d0e0f10";
    static final String AGREEMENT_ID = "d3e2e3e4-e5e6-4708-890a-0b0c0d0e0f10";

    static final String EXTERNAL_ID = "d4e2e3e4-e5e6-4708-890a-0b0c0d0e0f10";

    /** Stand for an import token of that one, and for its material, wrapped. */
    static final byte[] IMPORT_TOKEN = new byte[House.IMPORT_TOKEN_BYTES];

    static final byte[] WRAPPED = new byte[256];

    static {
        Arrays.fill(IMPORT_TOKEN, (byte) 0xd5);
        Arrays.fill(WRAPPED, (byte) 0xd6);
    }

    /** Stand for what those make of one byte, and for the last one's own public half. */
    static final byte[] MAC = mark(28);

    static final byte[] SIGNATURE = mark(71);
    static final byte[] PUBLIC_KEY = mark(91);

    private final List<Pair> pairs;

    /** A key and a ciphertext of one byte, and what other kinds of keys make. */
    StandIns(KeyRecord key, CiphertextBlob blob, Others others) {
        this.pairs =
                List.of(
                        Pair.of(HMAC_ID, others.hmac.id().toString()),
                        Pair.of(SIGNING_ID, others.signing.id().toString()),
                        Pair.of(AGREEMENT_ID, others.agreement.id().toString()),
                        Pair.of(EXTERNAL_ID, others.external.id().toString()),
                        new Pair(IMPORT_TOKEN, others.importToken),
                        new Pair(WRAPPED, others.wrapped),
                        new Pair(MAC, others.mac),
                        new Pair(SIGNATURE, others.signature),
                        new Pair(PUBLIC_KEY, others.publicKey),
                        Pair.of(KEY_ID, key.id().toString()),
                        Pair.of(GRANT_TOKEN, tokenOf(key.id())),
                        new Pair(
                                Bytes16.of(HEADER.key().value()),
                                Bytes16.of(blob.header().key().value())),
                        new Pair(
                                Bytes16.of(HEADER.backingId()),
                                Bytes16.of(blob.header().backingId())),
                        new Pair(IV, blob.iv()),
                        new Pair(SEALED, blob.sealed()));
    }

    /** Puts in what they stand for. */
    void replaceIn(byte[] input) {
        for (Pair pair : pairs) {
            int length = pair.mark.length;
            for (int at = 0; at + length <= input.length; at++) {
                if (input[at] == pair.mark[0]
                        && Arrays.equals(input, at, at + length, pair.mark, 0, length)) {
                    System.arraycopy(pair.real, 0, input, at, length);
                }
            }
        }
    }

    private static String tokenOf(KeyId key) {
        Arn arn = Arn.key("aws", House.REGION, House.OPERATOR.account(), key);
        return new Grant(GRANT_ID, arn, Instant.EPOCH, House.TERMS).token();
    }

    /** Bytes that are in no other mark, nor like the length that stands before them. */
    private static byte[] mark(int length) {
        byte[] mark = new byte[length];
        Arrays.fill(mark, (byte) -length);
        return mark;
    }

    /** Keys of other kinds, and what they have made. */
    record Others(
            KeyRecord hmac,
            byte[] mac,
            KeyRecord signing,
            byte[] signature,
            KeyRecord agreement,
            byte[] publicKey,
            KeyRecord external,
            byte[] importToken,
            byte[] wrapped) {}

    private record Pair(byte[] mark, byte[] real) {

        static Pair of(String mark, String real) {
            return new Pair(mark.getBytes(US_ASCII), real.getBytes(US_ASCII));
        }

        Pair {
            if (mark.length != real.length) {
                throw new IllegalArgumentException(mark.length + " for " + real.length);
            }
        }
    }
}
