package io.keyhold.identity;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header Authorization of AWS Signature Version 4.
 *
 * @param signedHeaders names in lower case, in ascending order
 * @param signature 64 lower-case hexadecimal digits
 * @see "AWS General Reference, Authenticating requests: Signature Version 4"
 */
record Authorization(Scope scope, List<String> signedHeaders, String signature) {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";

    private static final int SCOPE_PARTS = 5;

    /**
     * What a signing key is good for.
     *
     * @param date eight digits
     */
    record Scope(String accessKeyId, String date, String region, String service) {

        /** As it is signed. */
        String text() {
            return String.join("/", date, region, service, TERMINATOR);
        }
    }

    /**
     * Reads the one that a request must have.
     *
     * @throws KmsFault MissingAuthenticationTokenException or IncompleteSignatureException
     */
    static Authorization of(SignedRequest request) {
        List<String> headers = request.values("authorization");
        if (headers.isEmpty()) {
            throw KmsFault.of(
                    FaultName.MissingAuthenticationTokenException, "Missing Authentication Token");
        }
        String header = headers.getFirst();
        if (headers.size() > 1 || !header.startsWith(ALGORITHM + " ")) {
            throw incomplete("Authorization header must be one, of " + ALGORITHM + ".");
        }
        Map<String, String> fields = fields(header.substring(ALGORITHM.length()));
        return new Authorization(
                scope(field(fields, "Credential")),
                List.of(field(fields, "SignedHeaders").split(";")),
                field(fields, "Signature"));
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

    private static Scope scope(String credential) {
        String[] parts = credential.split("/", -1);
        if (parts.length != SCOPE_PARTS || !parts[4].equals(TERMINATOR)) {
            throw incomplete(
                    "Credential must have exactly 5 slash-delimited elements, e.g."
                            + " keyid/date/region/service/term.");
        }
        return new Scope(parts[0], parts[1], parts[2], parts[3]);
    }

    static KmsFault incomplete(String text) {
        return KmsFault.of(FaultName.IncompleteSignatureException, "%s", text);
    }
}
