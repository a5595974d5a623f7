package io.keyhold.api.aws;

import io.keyhold.identity.Claims;
import io.keyhold.identity.SignedRequest;
import io.keyhold.key.Sha256;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An HTTP request, taken apart.
 *
 * @param query as it was sent, without the question mark; may be empty
 */
record AwsRequest(HttpMethod method, String path, String query, HttpHeaders headers, byte[] body) {

    /** What stands before the path in a request for a proxy. */
    private static final Pattern ABSOLUTE = Pattern.compile("^https?://[^/?]*");

    private static final String FORM = "application/x-www-form-urlencoded";

    static AwsRequest of(FullHttpRequest request) {
        String uri = ABSOLUTE.matcher(request.uri()).replaceFirst("");
        int mark = uri.indexOf('?');
        return new AwsRequest(
                request.method(),
                mark < 0 ? uri : uri.substring(0, mark),
                mark < 0 ? "" : uri.substring(mark + 1),
                request.headers(),
                ByteBufUtil.getBytes(request.content()));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The names of headers that only gRPC has: here the signature says who calls. */
    Set<String> headersOfKeyhold() {
        return headers.names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith(Claims.PREFIX))
                .collect(Collectors.toSet());
    }

    /** What the AWS Query protocol asks: in the query, in the body, or in both. */
    String form() {
        boolean inBody = body.length > 0 && header("Content-Type").orElse("").startsWith(FORM);
        if (!inBody) {
            return query;
        }
        String sent = Utf8.text(body);
        return query.isEmpty() ? sent : query + "&" + sent;
    }

    /**
     * What a signature is about.
     *
     * @throws io.keyhold.key.KmsFault SerializationException if the query is broken
     */
    SignedRequest signed(String service) {
        List<Map.Entry<String, String>> named =
                headers.entries().stream()
                        .map(
                                header ->
                                        Map.entry(
                                                header.getKey().toLowerCase(Locale.ROOT),
                                                header.getValue()))
                        .toList();
        return new SignedRequest(
                service, method.name(), path, Form.of(query), named, Sha256.hex(body));
    }
}
