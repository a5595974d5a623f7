package io.keyhold.identity;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that says which principal the URI of a certificate stands for. Both are templates: {@code
 * {name}} in the URI takes one segment of its path, and goes into the principal.
 */
public final class Mapping {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9]*)\\}");

    /** No segment of a SPIFFE ID is {@code .} or {@code ..}. */
    private static final String SEGMENT = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]+";

    private final Pattern uri;
    private final String principal;

    /**
     * A rule; each placeholder is once in the URI, and those of the principal are there.
     *
     * @param principal an IAM or STS ARN, or {@code Service:} and the name of a service
     */
    public Mapping(String uri, String principal) {
        this.uri = compile(uri);
        this.principal = principal;
    }

    private static Pattern compile(String uri) {
        StringBuilder pattern = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(uri);
        int end = 0;
        while (placeholder.find()) {
            pattern.append(Pattern.quote(uri.substring(end, placeholder.start())))
                    .append("(?<")
                    .append(placeholder.group(1))
                    .append('>')
                    .append(SEGMENT)
                    .append(')');
            end = placeholder.end();
        }
        return Pattern.compile(pattern.append(Pattern.quote(uri.substring(end))).toString());
    }

    /** What a URI stands for, if this rule is about it. */
    Optional<String> principal(String from) {
        Matcher matcher = uri.matcher(from);
        return matcher.matches()
                ? Optional.of(
                        PLACEHOLDER
                                .matcher(principal)
                                .replaceAll(
                                        found ->
                                                Matcher.quoteReplacement(
                                                        matcher.group(found.group(1)))))
                : Optional.empty();
    }
}
