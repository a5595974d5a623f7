package io.keyhold.operation.identities;

import io.keyhold.access.Authorized;
import io.keyhold.key.Caller;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.GetCallerIdentityRequest;
import io.keyhold.v1.GetCallerIdentityResponse;

/** Says who calls. */
final class GetCallerIdentity
        implements Operation<GetCallerIdentityRequest, GetCallerIdentityResponse> {

    private final Directory directory;

    GetCallerIdentity(Directory directory) {
        this.directory = directory;
    }

    @Override
    public Effect<GetCallerIdentityResponse> prepare(Authorized<GetCallerIdentityRequest> asked) {
        return Effect.of(() -> answer(asked.caller()));
    }

    private GetCallerIdentityResponse answer(Caller caller) {
        GetCallerIdentityResponse.Builder answer =
                GetCallerIdentityResponse.newBuilder().setArn(caller.principal().toString());
        if (!caller.account().isEmpty()) {
            answer.setAccount(caller.account());
        }
        caller.arn().flatMap(directory::userId).ifPresent(answer::setUserId);
        return answer.build();
    }
}
