package io.keyhold.envelope;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A symmetric ciphertext as callers keep it: header (34 bytes), IV (12), ciphertext, tag (16). It
 * is 62 bytes longer than the plaintext.
 */
public final class CiphertextBlob {

    /** Length of the IV in bytes (NIST SP 800-38D, section 8.2.2). */
    public static final int IV_LENGTH = 12;

    /** Length of the tag in bytes. */
    public static final int TAG_LENGTH = 16;

    private final BlobHeader header;
    private final byte[] iv;
    private final byte[] sealed;

    /**
     * A blob of these parts.
     *
     * @param sealed ciphertext and tag
     */
    public CiphertextBlob(BlobHeader header, byte[] iv, byte[] sealed) {
        if (iv.length != IV_LENGTH || sealed.length < TAG_LENGTH) {
            throw new IllegalArgumentException("IV " + iv.length + ", sealed " + sealed.length);
        }
        this.header = header;
        this.iv = iv;
        this.sealed = sealed;
    }

    /** Parses a blob; empty if the bytes are not one. Nothing is authenticated yet. */
    public static Optional<CiphertextBlob> parse(ByteBuffer bytes) {
        ByteBuffer in = bytes.slice();
        if (in.remaining() < BlobHeader.LENGTH + IV_LENGTH + TAG_LENGTH) {
            return Optional.empty();
        }
        return BlobHeader.read(in)
                .map(header -> new CiphertextBlob(header, take(in, IV_LENGTH), rest(in)));
    }

    /** The bytes that {@link #parse} takes. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BlobHeader.LENGTH + IV_LENGTH + sealed.length);
        header.writeTo(out);
        return out.put(iv).put(sealed).array();
    }

    public BlobHeader header() {
        return header;
    }

    /** The IV itself, not a copy. */
    public byte[] iv() {
        return iv;
    }

    /** Ciphertext and tag themselves, not a copy. */
    public byte[] sealed() {
        return sealed;
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] rest(ByteBuffer in) {
        return take(in, in.remaining());
    }
}
