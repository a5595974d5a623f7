package io.keyhold.identity;

import io.keyhold.key.Caller;
import java.time.Instant;

/** Says who signed a request. */
public interface SignatureCheck {

    /** Whether that takes microseconds. */
    boolean isQuick(SignedRequest request);

    /**
     * Who signed a request.
     *
     * @param region that the request is for
     * @throws io.keyhold.key.KmsFault MissingAuthenticationTokenException,
     *     IncompleteSignatureException, UnrecognizedClientException, InvalidSignatureException or
     *     ExpiredTokenException
     */
    Caller signer(SignedRequest request, String region, Instant received);
}
