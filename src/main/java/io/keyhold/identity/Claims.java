package io.keyhold.identity;

import java.util.List;
import java.util.Map;

/** What the metadata of a call say of its caller: each header as often as it was given. */
public record Claims(Map<Claim, List<String>> values) {

    public static final Claims NONE = new Claims(Map.of());

    public Claims {
        values = Map.copyOf(values);
    }

    /** Of one header. */
    public List<String> of(Claim claim) {
        return values.getOrDefault(claim, List.of());
    }
}
