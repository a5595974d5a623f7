package io.keyhold.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the metadata of a call say of its caller.
 *
 * @param values each header as often as it was given
 * @param unknown names that a header of Keyhold might have, and that mean nothing here: whoever
 *     gives one wants to be somebody else than he would be without it
 */
public record Claims(Map<Claim, List<String>> values, Set<String> unknown) {

    /** What the names of all headers of Keyhold begin with. */
    public static final String PREFIX = "keyhold-";

    public static final Claims NONE = new Claims(Map.of());

    public Claims {
        values = Map.copyOf(values);
        unknown = Set.copyOf(unknown);
    }

    public Claims(Map<Claim, List<String>> values) {
        this(values, Set.of());
    }

    /** Of one header. */
    public List<String> of(Claim claim) {
        return values.getOrDefault(claim, List.of());
    }
}
