package io.keyhold.operation.identities;

import io.keyhold.access.Authorized;
import io.keyhold.iam.Entity;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Effect.Answer;
import io.keyhold.operation.Operation;
import io.keyhold.operation.identities.SessionIssuer.Terms;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.AssumeRoleResponse;
import io.keyhold.v1.AssumedRoleUser;

/** Begins a session of a role. */
final class AssumeRole implements Operation<AssumeRoleRequest, AssumeRoleResponse> {

    private static final int USUAL_SECONDS = 3600;
    private static final int MOST_OF_A_SESSION = 3600;

    private final Directory directory;
    private final SessionIssuer issuer;

    AssumeRole(Directory directory, SessionIssuer issuer) {
        this.directory = directory;
        this.issuer = issuer;
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
        return issuer.issue(
                new Terms(role.arn(), role.uniqueId(), name, seconds, narrowing.documents()),
                caller,
                credentials -> {
                    AssumeRoleResponse.Builder answer =
                            AssumeRoleResponse.newBuilder()
                                    .setCredentials(credentials)
                                    .setAssumedRoleUser(
                                            AssumedRoleUser.newBuilder()
                                                    .setAssumedRoleId(role.uniqueId() + ":" + name)
                                                    .setArn(role.arn().session(name).toString()));
                    narrowing.percent().ifPresent(answer::setPackedPolicySize);
                    return answer.build();
                });
    }
}
