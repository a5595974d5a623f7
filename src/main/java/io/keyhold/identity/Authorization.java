package io.keyhold.identity;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a request says of its signature, of AWS Signature Version 4: in a header or in its query.
 *
 * @param signedHeaders names in lower case, in ascending order
 * @param signature 64 lower-case hexadecimal digits
 * @param time when it was made, as it was signed; empty if it is not there once
 * @param lifetime how long it is good, if it was made for later
 * @param token of the temporary credentials that made it
 * @see "AWS General Reference, Authenticating requests: Signature Version 4"
 */
record Authorization(
        Scope scope,
        List<String> signedHeaders,
        String signature,
        String time,
        Optional<Duration> lifetime,
        Optional<String> token) {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";

    private static final int SCOPE_PARTS = 5;

    /**
     * What a signing key is good for.
     *
     * @param date eight digits
     */
    record Scope(String accessKeyId, String date, String region, String service) {

        /** Reads a credential. */
        static Scope of(String credential) {
            String[] parts = credential.split("/", -1);
            if (parts.length != SCOPE_PARTS || !parts[4].equals(TERMINATOR)) {
                throw incomplete(
                        "Credential must have exactly 5 slash-delimited elements, e.g."
                                + " keyid/date/region/service/term.");
            }
            return new Scope(parts[0], parts[1], parts[2], parts[3]);
        }

        /** As it is signed. */
        String text() {
            return String.join("/", date, region, service, TERMINATOR);
        }
    }

    /**
     * The one that a request must have.
     *
     * @throws KmsFault MissingAuthenticationTokenException or IncompleteSignatureException
     */
    static Authorization of(SignedRequest request) {
        boolean presigned = PresignedQuery.isThere(request);
        if (presigned && !request.values(AuthorizationHeader.NAME).isEmpty()) {
            throw incomplete("The request is signed by a header and by its query.");
        }
        return presigned ? PresignedQuery.of(request) : AuthorizationHeader.of(request);
    }

    /** A text that names headers. */
    static List<String> names(String text) {
        return List.of(text.split(";"));
    }

    static KmsFault incomplete(String text) {
        return KmsFault.of(FaultName.IncompleteSignatureException, "%s", text);
    }
}
