package io.keyhold.iam;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Tags;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** IAM's rules for tags: names are the same whatever their case. */
public final class IamTags {

    private static final String RESERVED = "aws:";

    private IamTags() {}

    /**
     * Tags, and others that take the place of those with the same name.
     *
     * @throws KmsFault InvalidInputException if a name is reserved; LimitExceededException
     */
    public static Tags with(Tags before, Map<String, String> more) {
        NavigableMap<String, String> all = new TreeMap<>(before.values());
        more.forEach(
                (name, value) -> {
                    if (name.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
                        throw KmsFault.of(
                                FaultName.InvalidInputException,
                                "Tag keys beginning with aws: are reserved.");
                    }
                    all.keySet().removeIf(name::equalsIgnoreCase);
                    all.put(name, value);
                });
        if (all.size() > Tags.MOST) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "The number of tags has reached the maximum limit of %d.",
                    Tags.MOST);
        }
        return new Tags(all);
    }

    /** Tags but some. */
    public static Tags without(Tags before, Collection<String> names) {
        NavigableMap<String, String> rest = new TreeMap<>(before.values());
        rest.keySet().removeIf(tag -> names.stream().anyMatch(tag::equalsIgnoreCase));
        return new Tags(rest);
    }
}
