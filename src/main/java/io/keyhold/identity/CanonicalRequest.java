package io.keyhold.identity;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of a request that is hashed and signed. Only the path {@code /} without a query is
 * served, so that nothing has to be encoded.
 *
 * @see "AWS General Reference, Create a canonical request"
 */
final class CanonicalRequest {

    private static final Pattern SPACES = Pattern.compile(" +");

    private CanonicalRequest() {}

    static String of(SignedRequest request, List<String> signedHeaders) {
        String headers =
                signedHeaders.stream()
                        .map(name -> name + ":" + value(request, name) + "\n")
                        .collect(Collectors.joining());
        return String.join(
                "\n",
                request.method(),
                request.path(),
                request.query(),
                headers,
                String.join(";", signedHeaders),
                request.payloadHash());
    }

    private static String value(SignedRequest request, String name) {
        return request.values(name).stream()
                .map(value -> SPACES.matcher(value.strip()).replaceAll(" "))
                .collect(Collectors.joining(","));
    }
}
