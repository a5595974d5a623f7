package io.keyhold.identity;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of an HTTP request a signature is about.
 *
 * @param path as it was sent
 * @param query as it was sent, without the question mark; may be empty
 * @param headers each name in lower case, in the order in which they came
 * @param payloadHash SHA-256 of the body, in lower-case hexadecimal digits
 */
public record SignedRequest(
        String method,
        String path,
        String query,
        List<Map.Entry<String, String>> headers,
        String payloadHash) {

    private static final Pattern REGION =
            Pattern.compile("Credential=[^/,]*/[^/,]*/([a-z0-9-]{1,32})/");

    /** The region that its signature is for, if it says one. */
    public Optional<String> region() {
        return values("authorization").stream()
                .map(REGION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst();
    }

    /** The values of a header, as often as it was sent. */
    List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }
}
