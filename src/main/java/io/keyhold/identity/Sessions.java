package io.keyhold.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.key.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Sessions that nobody has to remember: all that is known of one is in its token, sealed. It is
 * good for whoever it was issued to, or signs with its secret, until it expires.
 */
public final class Sessions {

    /** A token is a header of a call, and gRPC takes 16 KiB of them. */
    static final int LONGEST_TOKEN = 12 << 10;

    private static final String PURPOSE = "session";
    private static final int REMEMBERED = 10_000;

    private final Seal seal;
    private final ConcurrentMap<ByteBuffer, Session> openedByHash = new ConcurrentHashMap<>();

    public Sessions(Seal seal) {
        this.seal = seal;
    }

    /**
     * The token of a new session.
     *
     * @throws KmsFault PackedPolicyTooLargeException if its policies are too long for one
     */
    public String issue(Session session) {
        byte[] bytes = SessionCodec.encode(session);
        try {
            String token = Base64.getEncoder().encodeToString(seal.seal(PURPOSE, bytes));
            if (token.length() > LONGEST_TOKEN) {
                throw KmsFault.of(
                        FaultName.PackedPolicyTooLargeException,
                        "The session policies make a token of %d characters; the most is %d.",
                        token.length(),
                        LONGEST_TOKEN);
            }
            return token;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * The session whose token a call brings, if it brings one.
     *
     * @param person whoever calls
     * @throws KmsFault UnrecognizedClientException or ExpiredTokenException
     */
    Optional<Session> of(List<String> tokens, Principal person, Instant now) {
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        if (tokens.size() > 1) {
            throw refused("it is there " + tokens.size() + " times, not once");
        }
        Session session =
                open(tokens.getFirst()).orElseThrow(() -> refused("this daemon did not make it"));
        if (!session.issuedTo().principal().equals(person)) {
            throw refused("it was issued to somebody else");
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
                open(token)
                        .filter(opened -> opened.accessKeyId().equals(accessKeyId))
                        .orElseThrow(Sessions::invalid);
        requireLasting(session, now);
        return new SigningCredential(
                session.caller(Authentication.SIGNATURE, Optional.empty()),
                Sha256.hex(token.getBytes(UTF_8)),
                () -> unsealed(token).orElseThrow(Sessions::invalid).secretAccessKey());
    }

    /** Whether this daemon made a token. */
    boolean isOurs(String token) {
        return open(token).isPresent();
    }

    /** Whether a token has been opened already. */
    boolean isOpen(String token) {
        return openedByHash.containsKey(hash(token));
    }

    private static void requireLasting(Session session, Instant now) {
        if (!now.isBefore(session.expiresAt())) {
            throw KmsFault.of(
                    FaultName.ExpiredTokenException,
                    "The security token included in the request is expired");
        }
    }

    /** The session of a token that this daemon made, without its secret. */
    private Optional<Session> open(String token) {
        Session known = openedByHash.get(hash(token));
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Session> opened = unsealed(token);
        opened.ifPresent(session -> remember(token, session));
        return opened;
    }

    private void remember(String token, Session session) {
        Arrays.fill(session.secretAccessKey(), (byte) 0);
        if (openedByHash.size() >= REMEMBERED) {
            openedByHash.clear();
        }
        openedByHash.put(hash(token), session);
    }

    private static ByteBuffer hash(String token) {
        return ByteBuffer.wrap(Sha256.of(token.getBytes(UTF_8)));
    }

    private Optional<Session> unsealed(String token) {
        Optional<byte[]> bytes = decoded(token).flatMap(blob -> seal.open(PURPOSE, blob));
        try {
            return bytes.flatMap(SessionCodec::decode);
        } finally {
            bytes.ifPresent(secret -> Arrays.fill(secret, (byte) 0));
        }
    }

    private static Optional<byte[]> decoded(String token) {
        try {
            return Optional.of(Base64.getDecoder().decode(token));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What AWS says of credentials that it does not know. */
    static KmsFault invalid() {
        return KmsFault.of(
                FaultName.UnrecognizedClientException,
                "The security token included in the request is invalid.");
    }

    private static KmsFault refused(String why) {
        return KmsFault.of(
                FaultName.UnrecognizedClientException,
                "keyhold-session-token is refused: %s.",
                why);
    }
}
