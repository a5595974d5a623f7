package io.keyhold.operation;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param marker where the next page begins; empty on the last one
 */
public record Page<T>(List<T> elements, Optional<String> marker) {

    /** A marker that callers need not understand: it names the last element they have seen. */
    public static String marker(String verb, String last) {
        byte[] text = (verb + ":" + last).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    /**
     * The element that a marker of this verb names.
     *
     * @throws KmsFault InvalidMarkerException if it is not such a marker
     */
    public static String last(String verb, String marker) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(marker), StandardCharsets.UTF_8);
            if (text.startsWith(verb + ":")) {
                return text.substring(verb.length() + 1);
            }
        } catch (IllegalArgumentException e) {
            // Not Base64: no marker of ours, which is what the caller is told.
        }
        throw KmsFault.of(
                FaultName.InvalidMarkerException,
                "Marker is not one that %s has answered as NextMarker.",
                verb);
    }

    /** The first elements of a list that holds one more than a page takes, if there is more. */
    public static <T> Page<T> of(List<T> oneMore, int limit, Function<T, String> marker) {
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, Optional.empty());
        }
        List<T> elements = oneMore.subList(0, limit);
        return new Page<>(elements, Optional.of(marker.apply(elements.getLast())));
    }
}
