package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.key.Sha256;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Sessions that nobody has to remember: all that is known of one is in its token. It is good for
 * whoever it was issued to, or signs with its secret, until it expires.
 */
public final class Sessions {

    /** A token is a header of a call, and gRPC takes 16 KiB of them. */
    static final int LONGEST_TOKEN = 12 << 10;

    private final SealedTokens<Session> tokens;

    public Sessions(Seal seal) {
        this.tokens = new SealedTokens<>(seal, "session", Sessions::withoutSecret);
    }

    /**
     * The token of a new session.
     *
     * @throws KmsFault PackedPolicyTooLargeException if its policies are too long for one
     */
    public String issue(Session session) {
        String token = tokens.seal(SessionCodec.encode(session));
        if (token.length() > LONGEST_TOKEN) {
            throw KmsFault.of(
                    FaultName.PackedPolicyTooLargeException,
                    "The session policies make a token of %d characters; the most is %d.",
                    token.length(),
                    LONGEST_TOKEN);
        }
        return token;
    }

    /**
     * The session whose token a call brings, if it brings one.
     *
     * @param person whoever calls
     * @throws KmsFault UnrecognizedClientException or ExpiredTokenException
     */
    Optional<Session> of(List<String> brought, Principal person, Instant now) {
        if (brought.isEmpty()) {
            return Optional.empty();
        }
        Session session =
                tokens.open(Claim.SESSION_TOKEN.once(brought))
                        .orElseThrow(
                                () -> Claim.SESSION_TOKEN.refused("this daemon did not make it"));
        if (!session.issuedTo().principal().equals(person)) {
            throw Claim.SESSION_TOKEN.refused("it was issued to somebody else");
        }
        requireLasting(session, now);
        return Optional.of(session);
    }

    /**
     * What checks a signature that was made with the secret of a session: whoever has it needs no
     * other proof.
     *
     * @throws KmsFault UnrecognizedClientException or ExpiredTokenException
     */
    SigningCredential credential(String token, String accessKeyId, Instant now) {
        Session session =
                tokens.open(token)
                        .filter(opened -> opened.accessKeyId().equals(accessKeyId))
                        .orElseThrow(Sessions::invalid);
        requireLasting(session, now);
        return new SigningCredential(
                session.caller(Authentication.SIGNATURE, Optional.empty()),
                Sha256.hex(token.getBytes(UTF_8)),
                () ->
                        tokens.unsealed(token, SessionCodec::decode)
                                .orElseThrow(Sessions::invalid)
                                .secretAccessKey());
    }

    /** Whether this daemon made a token. */
    boolean isOurs(String token) {
        return tokens.open(token).isPresent();
    }

    /** Whether a token has been opened already. */
    boolean isOpen(String token) {
        return tokens.isOpen(token);
    }

    static void requireLasting(Session session, Instant now) {
        if (!now.isBefore(session.expiresAt())) {
            throw KmsFault.of(
                    FaultName.ExpiredTokenException,
                    "The security token included in the request is expired");
        }
    }

    private static Optional<Session> withoutSecret(byte[] bytes) {
        Optional<Session> session = SessionCodec.decode(bytes);
        session.ifPresent(read -> Arrays.fill(read.secretAccessKey(), (byte) 0));
        return session;
    }

    /** What AWS says of credentials that it does not know. */
    static KmsFault invalid() {
        return KmsFault.of(
                FaultName.UnrecognizedClientException,
                "The security token included in the request is invalid.");
    }
}
