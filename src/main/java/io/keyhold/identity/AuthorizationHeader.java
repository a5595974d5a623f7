package io.keyhold.identity;

import static io.keyhold.identity.Authorization.incomplete;

import io.keyhold.identity.Authorization.Scope;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The header {@code Authorization} of AWS Signature Version 4. */
final class AuthorizationHeader {

    static final String NAME = "authorization";
    static final String TIME = "x-amz-date";

    private static final String TOKEN = "x-amz-security-token";

    private AuthorizationHeader() {}

    static Authorization of(SignedRequest request) {
        List<String> headers = request.values(NAME);
        if (headers.isEmpty()) {
            throw KmsFault.of(
                    FaultName.MissingAuthenticationTokenException, "Missing Authentication Token");
        }
        String header = headers.getFirst();
        if (headers.size() > 1 || !header.startsWith(Authorization.ALGORITHM + " ")) {
            throw incomplete(
                    "Authorization header must be one, of " + Authorization.ALGORITHM + ".");
        }
        Map<String, String> fields = fields(header.substring(Authorization.ALGORITHM.length()));
        List<String> times = request.values(TIME);
        return new Authorization(
                Scope.of(field(fields, "Credential")),
                Authorization.names(field(fields, "SignedHeaders")),
                field(fields, "Signature"),
                times.size() == 1 ? times.getFirst() : "",
                Optional.empty(),
                token(request));
    }

    private static Optional<String> token(SignedRequest request) {
        List<String> tokens = request.values(TOKEN);
        if (tokens.size() > 1) {
            throw incomplete("The header '" + TOKEN + "' is there more than once.");
        }
        return tokens.stream().findFirst();
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int at = part.indexOf('=');
            if (at < 0
                    || fields.put(part.substring(0, at).strip(), part.substring(at + 1).strip())
                            != null) {
                throw incomplete("Authorization header is not a list of name=value.");
            }
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null || value.isEmpty()) {
            throw incomplete("Authorization header requires '" + name + "' parameter.");
        }
        return value;
    }
}
