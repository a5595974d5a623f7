package io.keyhold.key;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The tags of a key, ordered by tag key.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html">Tags in
 *     AWS KMS</a>
 */
public record Tags(NavigableMap<String, String> values) {

    /** The most tags that a key may have. */
    public static final int MOST = 50;

    public static final Tags NONE = new Tags(new TreeMap<>());

    private static final String RESERVED = "aws:";

    public Tags {
        values = Collections.unmodifiableNavigableMap(new TreeMap<>(values));
    }

    /**
     * Passes if a caller may set or remove a tag of this name.
     *
     * @throws KmsFault TagException if it is reserved, in whatever letters
     */
    public static void requireFree(String tagKey) {
        if (tagKey.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
            throw KmsFault.of(FaultName.TagException, "Tags beginning with aws: are reserved");
        }
    }

    /**
     * These tags, and others that take the place of those with the same key.
     *
     * @throws KmsFault TagException if there would be more than {@value #MOST}
     */
    public Tags with(Map<String, String> more) {
        NavigableMap<String, String> all = new TreeMap<>(values);
        all.putAll(more);
        if (all.size() > MOST) {
            throw KmsFault.of(FaultName.TagException, "Too many tags");
        }
        return new Tags(all);
    }

    /** These tags but some. */
    public Tags without(Collection<String> tagKeys) {
        NavigableMap<String, String> rest = new TreeMap<>(values);
        tagKeys.forEach(rest::remove);
        return new Tags(rest);
    }
}
