package io.keyhold.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of an HTTP request a signature is about.
 *
 * @param service that it is for, as in the scope of credentials, such as {@code kms}
 * @param path as it was sent
 * @param query names and values, decoded
 * @param headers each name in lower case, in the order in which they came
 * @param payloadHash SHA-256 of the body, in lower-case hexadecimal digits
 */
public record SignedRequest(
        String service,
        String method,
        String path,
        List<Map.Entry<String, String>> query,
        List<Map.Entry<String, String>> headers,
        String payloadHash) {

    static final String CREDENTIAL = "X-Amz-Credential";

    private static final Pattern SCOPE =
            Pattern.compile("(?:^|Credential=)([A-Z0-9]{16,128})/[^/,]*/([a-z0-9-]{1,32})/");

    /** The region that its signature is for, if it says one. */
    public Optional<String> region() {
        return scope().map(found -> found.group(2));
    }

    /** The access key that it says has signed it; empty if it says none. */
    String accessKeyId() {
        return scope().map(found -> found.group(1)).orElse("");
    }

    private Optional<Matcher> scope() {
        return Stream.concat(values("authorization").stream(), parameters(CREDENTIAL).stream())
                .map(SCOPE::matcher)
                .filter(Matcher::find)
                .findFirst();
    }

    /** The values of a header, as often as it was sent. */
    List<String> values(String name) {
        return named(name, headers);
    }

    /** The values of a parameter of the query, as often as it was sent. */
    List<String> parameters(String name) {
        return named(name, query);
    }

    private static List<String> named(String name, List<Map.Entry<String, String>> all) {
        List<String> values = new ArrayList<>(1);
        for (var each : all) { // many times a request, where a stream is not cheap
            if (each.getKey().equals(name)) {
                values.add(each.getValue());
            }
        }
        return values;
    }
}
