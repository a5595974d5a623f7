package io.keyhold.audit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Hides the names of keys and aliases that a reader of a record does not know.
 *
 * @param isHidden of the account that they are in
 */
record Redaction(Predicate<String> isHidden) {

    private static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";
    private static final Pattern KMS_ARN =
            Pattern.compile("arn:[a-z0-9-]+:kms:[a-z0-9-]*:([0-9]{12}):(?:(?!arn:)[\\w/:-])+");

    /** A grant token holds the ARN of its key. */
    private static final Set<String> TOKENS = Set.of("grantToken", "grantTokens");

    /** What a message says, without them. */
    Map<String, Object> of(Map<?, ?> values) {
        Map<String, Object> shown = new LinkedHashMap<>();
        values.forEach(
                (name, value) ->
                        shown.put(
                                of(name.toString()),
                                TOKENS.contains(name.toString()) ? HIDDEN : of(value)));
        return shown;
    }

    private Object of(Object value) {
        return switch (value) {
            case String text -> of(text);
            case List<?> list -> list.stream().map(this::of).toList();
            case Map<?, ?> map -> of(map);
            default -> value;
        };
    }

    String of(String text) {
        return KMS_ARN.matcher(text)
                .replaceAll(found -> isHidden.test(found.group(1)) ? HIDDEN : found.group());
    }
}
