package io.keyhold.token.pkcs11;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes of an object by CKA_ type: a template, or what a token answered. */
final class Attributes {

    private final Map<Long, Object> values = new LinkedHashMap<>();

    /** Sets a CK_BBOOL attribute. */
    Attributes with(long type, boolean value) {
        values.put(type, value);
        return this;
    }

    /** Sets a CK_ULONG attribute. */
    Attributes with(long type, long value) {
        values.put(type, value);
        return this;
    }

    /** Sets a byte-array attribute. */
    Attributes with(long type, byte[] value) {
        values.put(type, value.clone());
        return this;
    }

    /** Sets a text attribute, UTF-8. */
    Attributes with(long type, String value) {
        return with(type, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sets an attribute that is a set of CK_ULONG, such as CKA_ALLOWED_MECHANISMS: in ascending
     * order, as tokens answer it.
     */
    Attributes withAll(long type, long... array) {
        ByteBuffer bytes =
                ByteBuffer.allocate(array.length * Long.BYTES).order(ByteOrder.nativeOrder());
        Arrays.stream(array).sorted().forEach(bytes::putLong);
        return with(type, bytes.array());
    }

    /** Leaves an attribute out. */
    Attributes without(long type) {
        values.remove(type);
        return this;
    }

    /** Takes attributes of these types out. */
    Attributes without(Set<Long> types) {
        values.keySet().removeAll(types);
        return this;
    }

    /** Zeroes values that are bytes. */
    void wipe() {
        for (Object value : values.values()) {
            if (value instanceof byte[] bytes) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    /** Type to value: Boolean, Long or byte[]. */
    Map<Long, Object> values() {
        return values;
    }

    /** The CKA_ types, in the order they were set. */
    long[] types() {
        return values.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    /** A byte-array attribute; empty if the token gave none. */
    byte[] bytes(long type) {
        return values.get(type) instanceof byte[] bytes ? bytes.clone() : new byte[0];
    }

    /** A text attribute; empty if the token gave none. */
    String text(long type) {
        return new String(bytes(type), StandardCharsets.UTF_8);
    }

    /** The first type in which the other has not this value; null if it has them all. */
    @Nullable Long firstDifference(Attributes other) {
        for (Map.Entry<Long, Object> wanted : values.entrySet()) {
            if (!same(wanted.getValue(), other.values.get(wanted.getKey()))) {
                return wanted.getKey();
            }
        }
        return null;
    }

    /** A binding that does not know an attribute's type gives the bytes of its value. */
    private static boolean same(Object wanted, @Nullable Object given) {
        return switch (wanted) {
            case byte[] bytes -> given instanceof byte[] others && Arrays.equals(bytes, others);
            case Boolean truth when given instanceof byte[] bytes ->
                    bytes.length == 1 && (bytes[0] != 0) == truth;
            default -> wanted.equals(given);
        };
    }
}
