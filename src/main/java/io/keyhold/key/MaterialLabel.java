package io.keyhold.key;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an object in a token is called (CKA_LABEL): {@code keyhold/<key ID>/<generation>/<backing
 * key ID>}. It says all that is needed to take the object in again, should its row be lost.
 */
public record MaterialLabel(KeyId key, int generation, UUID backingId) {

    /** What the labels of all our objects begin with. */
    public static final String PREFIX = "keyhold/";

    private static final Pattern LABEL =
            Pattern.compile(PREFIX + "([^/]+)/([1-9][0-9]{0,8})/([0-9a-f-]{36})");

    /** The label that a text is, if it is one. */
    public static Optional<MaterialLabel> parse(String text) {
        Matcher parts = LABEL.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return KeyId.parse(parts.group(1))
                .map(
                        key ->
                                new MaterialLabel(
                                        key,
                                        Integer.parseInt(parts.group(2)),
                                        UUID.fromString(parts.group(3))))
                .filter(label -> label.toString().equals(text));
    }

    @Override
    public String toString() {
        return PREFIX + key + "/" + generation + "/" + backingId;
    }
}
