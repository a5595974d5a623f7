package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.identity.Authorization.Scope;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Sha256;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Checks AWS Signature Version 4.
 *
 * @see "AWS General Reference, Signature Version 4 signing process"
 */
public final class Signatures implements SignatureCheck {

    /** Their clients sign for whatever Region they are in. */
    private static final Set<String> GLOBAL = Set.of("iam");

    private static final String AMAZON = "x-amz-";
    private static final String PAYLOAD_HASH = "x-amz-content-sha256";

    private final SigningCredential.Source accessKeys;
    private final Sessions sessions;
    private final String served;
    private final SigningKeys keys = new SigningKeys();

    /**
     * @param sessions whose tokens temporary credentials bring
     * @param served the Region that is served
     */
    public Signatures(SigningCredential.Source accessKeys, Sessions sessions, String served) {
        this.served = served;
        this.accessKeys = accessKeys;
        this.sessions = sessions;
    }

    /** Not quick is what opens a secret. */
    @Override
    public boolean isQuick(SignedRequest request) {
        try {
            Authorization authorization = Authorization.of(request);
            return keys.have(authorization.scope())
                    && authorization.token().stream().allMatch(sessions::isOpen);
        } catch (KmsFault e) {
            return true; // it will be refused at once
        }
    }

    @Override
    public Caller signer(SignedRequest request, String region, Instant received) {
        Authorization authorization = Authorization.of(request);
        requireScope(authorization.scope(), request.service(), region);
        requireSigned(request, authorization);
        SigningTime.require(authorization, received);
        SigningCredential credential = credential(authorization, received);
        String canonical = CanonicalRequest.of(request, authorization.signedHeaders());
        String text =
                String.join(
                        "\n",
                        Authorization.ALGORITHM,
                        authorization.time(),
                        authorization.scope().text(),
                        Sha256.hex(canonical.getBytes(UTF_8)));
        byte[] key = keys.of(authorization.scope(), credential);
        byte[] right = SigningKeys.hmac(key, text);
        byte[] given = authorization.signature().getBytes(UTF_8);
        if (!MessageDigest.isEqual(HexFormat.of().formatHex(right).getBytes(US_ASCII), given)) {
            throw invalid(
                    "The request signature we calculated does not match the signature you provided."
                            + " Check your AWS Secret Access Key and signing method. Consult the"
                            + " service documentation for details.");
        }
        keys.remember(authorization.scope(), credential, key);
        return credential.caller();
    }

    private SigningCredential credential(Authorization authorization, Instant received) {
        String id = authorization.scope().accessKeyId();
        return authorization
                .token()
                .map(token -> sessions.credential(token, id, received))
                .orElseGet(() -> accessKeys.find(id).orElseThrow(() -> unknown(id)));
    }

    private KmsFault unknown(String accessKeyId) {
        keys.forget(accessKeyId);
        return Sessions.invalid();
    }

    private void requireScope(Scope scope, String service, String region) {
        if (!scope.service().equals(service)) {
            throw invalid("Credential should be scoped to correct service: '" + service + "'.");
        }
        boolean right = scope.region().equals(region) && region.equals(served);
        if (!right && !GLOBAL.contains(service)) {
            throw invalid("Credential should be scoped to a valid region.");
        }
    }

    /** What is not signed, somebody on the way could change. */
    private static void requireSigned(SignedRequest request, Authorization authorization) {
        List<String> signed = authorization.signedHeaders();
        if (!signed.contains("host")) {
            throw mustBeSigned("host");
        }
        if (authorization.lifetime().isEmpty() && !signed.contains(AuthorizationHeader.TIME)) {
            throw mustBeSigned(AuthorizationHeader.TIME);
        }
        for (var header : request.headers()) {
            if (header.getKey().startsWith(AMAZON) && !signed.contains(header.getKey())) {
                throw mustBeSigned(header.getKey());
            }
        }
        for (String name : signed) {
            if (request.values(name).isEmpty()) {
                throw Authorization.incomplete(
                        "The signed header '" + name + "' is not in the request.");
            }
        }
        if (!request.values(PAYLOAD_HASH).stream().allMatch(request.payloadHash()::equals)) {
            throw invalid("The payload is not the one whose hash " + PAYLOAD_HASH + " gives.");
        }
    }

    private static KmsFault mustBeSigned(String header) {
        return Authorization.incomplete(
                "'" + header + "' must be a 'SignedHeader' in the AWS Authorization.");
    }

    static KmsFault invalid(String text) {
        return KmsFault.of(FaultName.InvalidSignatureException, "%s", text);
    }
}
