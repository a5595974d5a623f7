package io.keyhold.identity;

import static java.util.Map.Entry.comparingByValue;

import io.keyhold.key.UriText;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text of a request that is hashed and signed. Only the path {@code /} is served, so that
 * nothing of a path has to be encoded.
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
                query(request),
                headers,
                String.join(";", signedHeaders),
                request.payloadHash());
    }

    /** Everything but the signature itself, in the order of the encoded names. */
    private static String query(SignedRequest request) {
        return request.query().stream()
                .filter(parameter -> !parameter.getKey().equals(PresignedQuery.SIGNATURE))
                .map(each -> Map.entry(UriText.of(each.getKey()), UriText.of(each.getValue())))
                .sorted(Entry.<String, String>comparingByKey().thenComparing(comparingByValue()))
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("&"));
    }

    private static String value(SignedRequest request, String name) {
        return request.values(name).stream()
                .map(CanonicalRequest::singleSpaced)
                .collect(Collectors.joining(","));
    }

    private static String singleSpaced(String value) {
        String bare = value.strip();
        return bare.contains("  ") ? SPACES.matcher(bare).replaceAll(" ") : bare;
    }
}
