package io.keyhold.key;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The ID of a key: a UUID in lower case, or {@code mrk-} and 32 hexadecimal digits for a
 * multi-Region key. Both carry 16 bytes, which is what a ciphertext's header holds.
 */
public record KeyId(UUID value, boolean multiRegion) implements Comparable<KeyId> {

    private static final String MULTI_REGION = "mrk-";
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern MULTI_REGION_TEXT = Pattern.compile("mrk-[0-9a-f]{32}");

    /** A new random ID of a single-Region key. */
    public static KeyId random() {
        return new KeyId(UUID.randomUUID(), false);
    }

    /** Parses an ID as AWS writes it; empty if it is not one. */
    public static Optional<KeyId> parse(String text) {
        if (UUID_TEXT.matcher(text).matches()) {
            return Optional.of(new KeyId(UUID.fromString(text), false));
        }
        if (MULTI_REGION_TEXT.matcher(text).matches()) {
            byte[] bytes = HexFormat.of().parseHex(text.substring(MULTI_REGION.length()));
            return Optional.of(new KeyId(Bytes16.parse(bytes), true));
        }
        return Optional.empty();
    }

    @Override
    public int compareTo(KeyId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return multiRegion
                ? MULTI_REGION + HexFormat.of().formatHex(Bytes16.of(value))
                : value.toString();
    }
}
