package io.keyhold.operation.identities;

import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.iam.AccessKey;
import io.keyhold.identity.Session;
import io.keyhold.identity.Sessions;
import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Timestamps;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.Credentials;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Begins sessions: their tokens go to whoever has proved to be the caller. */
final class SessionIssuer {

    private final Directory directory;
    private final Sessions sessions;
    private final KeyStore keyStore;
    private final InstantSource clock;

    SessionIssuer(Directory directory, Sessions sessions, KeyStore keyStore, InstantSource clock) {
        this.directory = directory;
        this.sessions = sessions;
        this.keyStore = keyStore;
        this.clock = clock;
    }

    /**
     * What a session is of.
     *
     * @param issuer the role or user
     * @param issuerId its unique ID
     * @param name of a role's session; empty for a user's
     * @param policies documents that narrow it
     */
    record Terms(Arn issuer, String issuerId, String name, int seconds, List<String> policies) {}

    /**
     * Begins one.
     *
     * @param answer has the secret's own bytes, not a string that nobody could wipe
     */
    <R extends Message> Answer<R> issue(
            Terms terms, Caller caller, Function<Credentials, R> answer) {
        byte[] secret = SecretAccessKey.random(keyStore);
        try {
            Instant now = clock.instant();
            Session session =
                    new Session(
                            terms.issuer,
                            terms.issuerId,
                            terms.name,
                            holder(caller),
                            now,
                            now.plusSeconds(terms.seconds),
                            terms.policies,
                            AccessKey.newSessionId(),
                            secret);
            return Answer.secret(answer.apply(credentials(session)), secret);
        } catch (RuntimeException e) {
            Arrays.fill(secret, (byte) 0);
            throw e;
        }
    }

    /** Whoever calls in a session is still who he proved to be. */
    private BoundPrincipal holder(Caller caller) {
        return caller.session()
                .map(Caller.SessionContext::holder)
                .orElseGet(() -> directory.bound(caller.principal()));
    }

    private Credentials credentials(Session session) {
        return Credentials.newBuilder()
                .setAccessKeyId(session.accessKeyId())
                .setSecretAccessKeyBytes(UnsafeByteOperations.unsafeWrap(session.secretAccessKey()))
                .setSessionToken(sessions.issue(session))
                .setExpiration(Timestamps.of(session.expiresAt()))
                .build();
    }
}
