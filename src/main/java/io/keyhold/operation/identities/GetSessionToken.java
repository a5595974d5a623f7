package io.keyhold.operation.identities;

import io.keyhold.access.Authorized;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.identities.SessionIssuer.Terms;
import io.keyhold.v1.GetSessionTokenRequest;
import io.keyhold.v1.GetSessionTokenResponse;
import java.util.List;

/** Begins a session of the caller. */
final class GetSessionToken implements Operation<GetSessionTokenRequest, GetSessionTokenResponse> {

    private static final int USUAL_SECONDS = 43_200;
    private static final int MOST_OF_ROOT = 3600;

    private final Directory directory;
    private final SessionIssuer issuer;

    GetSessionToken(Directory directory, SessionIssuer issuer) {
        this.directory = directory;
        this.issuer = issuer;
    }

    @Override
    public Effect<GetSessionTokenResponse> prepare(Authorized<GetSessionTokenRequest> authorized) {
        Caller caller = authorized.caller();
        if (caller.session().isPresent()) {
            throw denied("Cannot call GetSessionToken with session credentials");
        }
        Arn user =
                caller.arn()
                        .filter(arn -> arn.roleName().isEmpty())
                        .orElseThrow(() -> denied("Only users can call GetSessionToken"));
        String id =
                directory
                        .userId(user)
                        .orElseThrow(() -> denied("There is no record of the user " + user));
        Terms terms = new Terms(user, id, "", seconds(authorized.request(), user), List.of());
        return new Effect<>(
                false,
                () ->
                        issuer.issue(
                                terms,
                                caller,
                                credentials ->
                                        GetSessionTokenResponse.newBuilder()
                                                .setCredentials(credentials)
                                                .build()));
    }

    private static int seconds(GetSessionTokenRequest request, Arn user) {
        int asked = request.hasDurationSeconds() ? request.getDurationSeconds() : USUAL_SECONDS;
        return user.isRoot() ? Math.min(asked, MOST_OF_ROOT) : asked;
    }

    private static KmsFault denied(String why) {
        return KmsFault.of(FaultName.AccessDeniedException, "%s.", why);
    }
}
