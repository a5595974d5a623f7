package io.keyhold.operation;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import io.keyhold.v1.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tags as requests carry them. */
public final class TagList {

    private TagList() {}

    /**
     * Tag keys and values.
     *
     * @throws KmsFault TagException if a tag key is reserved or stands twice
     */
    public static Map<String, String> parse(List<Tag> tags) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (Tag tag : tags) {
            Tags.requireFree(tag.getTagKey());
            if (parsed.put(tag.getTagKey(), tag.getTagValue()) != null) {
                throw KmsFault.of(FaultName.TagException, "Duplicate tag keys");
            }
        }
        return parsed;
    }
}
