package io.keyhold.key;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The 16 bytes of an identifier and back; {@link UUID} is the value that holds them. */
public final class Bytes16 {

    /** Length of every identifier in bytes. */
    public static final int LENGTH = 16;

    private Bytes16() {}

    /** A new name for a call or an event: not a secret, so it need not be unguessable. */
    public static UUID newName() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** The 16 bytes of an identifier, big-endian. */
    public static byte[] of(UUID id) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /**
     * The identifier that exactly these 16 bytes are.
     *
     * @throws IllegalArgumentException if there are not 16
     */
    public static UUID parse(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(bytes.length + " bytes, not " + LENGTH);
        }
        return at(ByteBuffer.wrap(bytes));
    }

    /** The identifier in the next 16 bytes of a buffer. */
    public static UUID at(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
