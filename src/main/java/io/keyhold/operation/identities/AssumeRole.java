package io.keyhold.operation.identities;

import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.access.Authorized;
import io.keyhold.iam.AccessKey;
import io.keyhold.iam.Entity;
import io.keyhold.identity.Session;
import io.keyhold.identity.Sessions;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Timestamps;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.AssumeRoleResponse;
import io.keyhold.v1.AssumedRoleUser;
import io.keyhold.v1.Credentials;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/** Begins a session of a role: its token goes to whoever has proved to be the caller. */
final class AssumeRole implements Operation<AssumeRoleRequest, AssumeRoleResponse> {

    private static final int USUAL_SECONDS = 3600;
    private static final int MOST_OF_A_SESSION = 3600;

    private final Directory directory;
    private final Sessions sessions;
    private final KeyStore keyStore;
    private final InstantSource clock;

    AssumeRole(Directory directory, Sessions sessions, KeyStore keyStore, InstantSource clock) {
        this.directory = directory;
        this.sessions = sessions;
        this.keyStore = keyStore;
        this.clock = clock;
    }

    @Override
    public Effect<AssumeRoleResponse> prepare(Authorized<AssumeRoleRequest> authorized) {
        AssumeRoleRequest request = authorized.request();
        Caller caller = authorized.caller();
        Entity role = directory.require(authorized.resource());
        int seconds = request.hasDurationSeconds() ? request.getDurationSeconds() : USUAL_SECONDS;
        requireShort(seconds, role, caller);
        Narrowing narrowing = Narrowing.of(request, role.arn(), directory.managed());
        return new Effect<>(
                false, () -> run(role, request.getRoleSessionName(), caller, seconds, narrowing));
    }

    private static void requireShort(int seconds, Entity role, Caller caller) {
        if (seconds > role.role().orElseThrow().maxSessionSeconds()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "The requested DurationSeconds exceeds the MaxSessionDuration set for this"
                            + " role.");
        }
        if (seconds > MOST_OF_A_SESSION && isRole(caller)) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "The requested DurationSeconds exceeds the 1 hour session limit for roles"
                            + " assumed by role chaining.");
        }
    }

    private static boolean isRole(Caller caller) {
        return caller.arn().filter(arn -> !arn.roleName().isEmpty()).isPresent();
    }

    private Answer<AssumeRoleResponse> run(
            Entity role, String name, Caller caller, int seconds, Narrowing narrowing) {
        byte[] secret = SecretAccessKey.random(keyStore);
        try {
            Instant now = clock.instant();
            Session session =
                    new Session(
                            role.arn(),
                            role.uniqueId(),
                            name,
                            holder(caller),
                            now,
                            now.plusSeconds(seconds),
                            narrowing.documents(),
                            secret);
            AssumeRoleResponse.Builder answer =
                    AssumeRoleResponse.newBuilder()
                            .setCredentials(credentials(session))
                            .setAssumedRoleUser(
                                    AssumedRoleUser.newBuilder()
                                            .setAssumedRoleId(role.uniqueId() + ":" + name)
                                            .setArn(role.arn().session(name).toString()));
            narrowing.percent().ifPresent(answer::setPackedPolicySize);
            return Answer.secret(answer.build(), secret);
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

    /** Has the secret's own bytes, not a string that nobody could wipe. */
    private Credentials credentials(Session session) {
        return Credentials.newBuilder()
                .setAccessKeyId(AccessKey.newSessionId())
                .setSecretAccessKeyBytes(UnsafeByteOperations.unsafeWrap(session.secretAccessKey()))
                .setSessionToken(sessions.issue(session))
                .setExpiration(Timestamps.of(session.expiresAt()))
                .build();
    }
}
