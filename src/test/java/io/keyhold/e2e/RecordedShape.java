package io.keyhold.e2e;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a recorded message allows: the same letters, but for names of keys, Regions and materials,
 * which stand in angles there, and for literals that AWS has added since.
 */
final class RecordedShape {

    private static final String KEY_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String MULTI_REGION_ID = "mrk-[0-9a-f]{32}";
    private static final String ARN = "arn:aws:kms:us-east-1:123456789012:key/";
    private static final String RECORDED_ARN = "arn:<partition>:kms:%s:111111111111:key/<key-id:1>";
    private static final String OTHER_REGION = "ap-southeast-1"; // without the multi-Region key
    private static final String MATERIAL_ID = "[0-9a-f]{64}";

    private static final Map<String, String> MASKS =
            Map.of(
                    "<key-arn>",
                    ARN + KEY_ID,
                    "<mrk-key-arn>",
                    ARN + MULTI_REGION_ID,
                    RECORDED_ARN.formatted("<region>"),
                    ARN + KEY_ID,
                    RECORDED_ARN.formatted(OTHER_REGION),
                    ARN + MULTI_REGION_ID,
                    "<key-id:1>",
                    KEY_ID,
                    "<secondary-region>",
                    "[a-z]{2}-[a-z]+-[0-9]",
                    "<key-material-id>",
                    MATERIAL_ID,
                    "<key-material-id:2>",
                    MATERIAL_ID);

    private static final Pattern MASKED =
            Pattern.compile(
                    MASKS.keySet().stream()
                            .sorted(Comparator.comparing(String::length).reversed())
                            .map(Pattern::quote)
                            .collect(Collectors.joining("|")));

    private static final Pattern LITERALS = Pattern.compile("(?<=enum value set: \\[)[^]]+(?=])");

    private final String recorded;

    RecordedShape(String recorded) {
        this.recorded = recorded;
    }

    /** Whether a message is the recorded one, about what its request names. */
    boolean fits(String message, String request) {
        Matcher found = pattern().matcher(LITERALS.matcher(message).replaceAll("..."));
        return found.matches()
                && found.toMatchResult().groupCount() == names(found).size()
                && names(found).stream().allMatch(name -> isMeant(name, request))
                && literals(message).containsAll(literals(recorded));
    }

    private Pattern pattern() {
        String text = LITERALS.matcher(recorded).replaceAll("...");
        StringBuilder pattern = new StringBuilder();
        Matcher masked = MASKED.matcher(text);
        int from = 0;
        while (masked.find()) {
            pattern.append(Pattern.quote(text.substring(from, masked.start())))
                    .append("(" + MASKS.get(masked.group()) + ")");
            from = masked.end();
        }
        return Pattern.compile(pattern + Pattern.quote(text.substring(from)));
    }

    /** Different names. */
    private static List<String> names(MatchResult found) {
        return IntStream.rangeClosed(1, found.groupCount())
                .mapToObj(found::group)
                .distinct()
                .toList();
    }

    /** Materials have IDs that no request names. */
    private static boolean isMeant(String name, String request) {
        return name.matches(MATERIAL_ID)
                || request.contains(name.substring(name.lastIndexOf('/') + 1));
    }

    private static List<String> literals(String message) {
        return LITERALS.matcher(message)
                .results()
                .flatMap(found -> List.of(found.group().split(", ")).stream())
                .toList();
    }
}
