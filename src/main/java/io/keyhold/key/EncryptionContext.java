package io.keyhold.key;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The authenticated, not encrypted, pairs that a ciphertext is bound to. Decryption needs exactly
 * the same pairs, in any order.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html">Encryption
 *     context</a>
 */
public final class EncryptionContext {

    /** The most that the canonical form may take, in bytes. */
    public static final int MAX_BYTES = 8192;

    /** No pairs at all. */
    public static final EncryptionContext EMPTY = new EncryptionContext(new byte[2]);

    private static final int COUNT_BYTES = 2;
    private static final int LENGTH_BYTES = 2;

    private final byte[] canonical;

    private EncryptionContext(byte[] canonical) {
        this.canonical = canonical;
    }

    /**
     * The context with these pairs.
     *
     * @throws KmsFault ValidationException for an empty key, text that is not Unicode, or more than
     *     {@value #MAX_BYTES} bytes
     */
    public static EncryptionContext of(Map<String, String> pairs) {
        if (pairs.isEmpty()) {
            return EMPTY;
        }
        List<Entry> entries = new ArrayList<>(pairs.size());
        int size = COUNT_BYTES;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            Entry entry = Entry.of(pair.getKey(), pair.getValue());
            size += entry.size();
            if (size > MAX_BYTES) {
                throw invalid("takes more than " + MAX_BYTES + " bytes");
            }
            entries.add(entry);
        }
        entries.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
        ByteBuffer out = ByteBuffer.allocate(size).putShort((short) entries.size());
        entries.forEach(entry -> entry.writeTo(out));
        return new EncryptionContext(out.array());
    }

    /**
     * The canonical bytes: the number of pairs, then each key and value with its length before it,
     * sorted by the unsigned bytes of the keys. Numbers are 16 bits, big-endian; text is UTF-8, not
     * normalised.
     */
    public byte[] canonical() {
        return canonical.clone();
    }

    /** Length of {@link #canonical()} in bytes. */
    public int size() {
        return canonical.length;
    }

    /** Appends the canonical bytes. */
    public void writeTo(ByteBuffer out) {
        out.put(canonical);
    }

    private static KmsFault invalid(String what) {
        return KmsFault.of(FaultName.ValidationException, "EncryptionContext %s.", what);
    }

    private record Entry(byte[] key, byte[] value) {

        static Entry of(String key, String value) {
            if (key.isEmpty()) {
                throw invalid("has an empty key");
            }
            return new Entry(utf8(key), utf8(value));
        }

        int size() {
            return 2 * LENGTH_BYTES + key.length + value.length;
        }

        void writeTo(ByteBuffer out) {
            out.putShort((short) key.length).put(key).putShort((short) value.length).put(value);
        }

        private static byte[] utf8(String text) {
            try {
                ByteBuffer bytes =
                        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                byte[] exact = new byte[bytes.remaining()];
                bytes.get(exact);
                return exact;
            } catch (CharacterCodingException e) {
                throw invalid("holds an unpaired surrogate");
            }
        }
    }
}
