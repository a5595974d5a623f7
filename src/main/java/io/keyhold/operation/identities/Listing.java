package io.keyhold.operation.identities;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Page;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a list shows: one page at a time, as IAM does.
 *
 * @param field of the answer that takes the elements
 * @param key what they are ordered by; a marker names it
 * @param shown what callers see of an element
 */
record Listing<T>(String field, Function<T, String> key, Function<T, Object> shown) {

    private static final int USUAL_ITEMS = 100;

    /** Adds the page that a request asks for. */
    Answer add(Answer answer, Fields asked, Stream<T> all) {
        String verb = asked.verb();
        String after = asked.has("Marker") ? last(verb, asked.text("Marker")) : "";
        int most = asked.number("MaxItems", USUAL_ITEMS);
        List<T> oneMore =
                all.filter(one -> key.apply(one).compareTo(after) > 0)
                        .sorted(Comparator.comparing(key))
                        .limit(most + 1L)
                        .toList();
        Page<T> page = Page.of(oneMore, most, last -> Page.marker(verb, key.apply(last)));
        page.elements().forEach(one -> answer.add(field, shown.apply(one)));
        answer.set("IsTruncated", page.marker().isPresent());
        page.marker().ifPresent(marker -> answer.set("Marker", marker));
        return answer;
    }

    private static String last(String verb, String marker) {
        try {
            return Page.last(verb, marker);
        } catch (KmsFault e) {
            throw KmsFault.of(
                    FaultName.ValidationException, "Marker is not one that %s has answered.", verb);
        }
    }
}
