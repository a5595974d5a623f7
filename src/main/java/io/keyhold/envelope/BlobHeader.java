package io.keyhold.envelope;

import io.keyhold.key.Bytes16;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.KeyId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * What a ciphertext says about itself: the key and the backing key that made it. It only names a
 * candidate; the tag proves it afterwards, since the header is part of the authenticated data.
 *
 * @param backingId the backing key, the same in every replica of a multi-Region key
 */
public record BlobHeader(KeyId key, UUID backingId) {

    /** Length in bytes: version, algorithm and flags, key ID, backing ID. */
    public static final int LENGTH = 2 + 2 * Bytes16.LENGTH;

    private static final byte VERSION = 0x01;
    private static final byte AES_256_GCM = 0x01;
    private static final byte MULTI_REGION = (byte) 0x80;

    /** The authenticated data of an encryption: this header, then the canonical context. */
    public byte[] authenticatedData(EncryptionContext context) {
        ByteBuffer out = ByteBuffer.allocate(LENGTH + context.size());
        writeTo(out);
        context.writeTo(out);
        return out.array();
    }

    void writeTo(ByteBuffer out) {
        out.put(VERSION);
        out.put((byte) (AES_256_GCM | (key.multiRegion() ? MULTI_REGION : 0)));
        out.put(Bytes16.of(key.value()));
        out.put(Bytes16.of(backingId));
    }

    static Optional<BlobHeader> read(ByteBuffer in) {
        if (in.get() != VERSION) {
            return Optional.empty();
        }
        byte algorithm = in.get();
        boolean multiRegion = (algorithm & MULTI_REGION) != 0;
        if ((algorithm & ~MULTI_REGION) != AES_256_GCM) {
            return Optional.empty();
        }
        return Optional.of(new BlobHeader(new KeyId(Bytes16.at(in), multiRegion), Bytes16.at(in)));
    }
}
