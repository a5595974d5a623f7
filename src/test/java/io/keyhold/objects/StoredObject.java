package io.keyhold.objects;

import com.google.protobuf.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * An object as it is on disk.
 *
 * @param bucketKey the bucket's key, encrypted by Keyhold
 * @param key the object's own, sealed by the bucket's
 * @param content sealed by the object's own
 */
record StoredObject(ByteString bucketKey, byte[] key, byte[] content) {

    private static final byte VERSION = 1;

    byte[] toBytes() {
        int size = 1 + Short.BYTES + bucketKey.size() + key.length + content.length;
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(VERSION).putShort((short) bucketKey.size()).put(bucketKey.toByteArray());
        return out.put(key).put(content).array();
    }

    static StoredObject parse(byte[] bytes) throws GeneralSecurityException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != VERSION) {
                throw new GeneralSecurityException("of another version");
            }
            ByteString bucketKey =
                    ByteString.copyFrom(part(in, Short.toUnsignedInt(in.getShort())));
            byte[] key = part(in, Objects.KEY + Sealed.OVERHEAD);
            return new StoredObject(bucketKey, key, part(in, in.remaining()));
        } catch (BufferUnderflowException e) {
            throw new GeneralSecurityException("not whole", e);
        }
    }

    private static byte[] part(ByteBuffer in, int length) {
        byte[] part = new byte[length];
        in.get(part);
        return part;
    }
}
