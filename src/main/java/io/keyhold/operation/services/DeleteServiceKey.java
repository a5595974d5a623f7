package io.keyhold.operation.services;

import io.keyhold.access.Authorized;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.DeleteServiceKeyRequest;
import io.keyhold.v1.DeleteServiceKeyResponse;

/** Lets a service use its own key in the account again. */
final class DeleteServiceKey
        implements Operation<DeleteServiceKeyRequest, DeleteServiceKeyResponse> {

    private final ServiceKeys serviceKeys;

    DeleteServiceKey(ServiceKeys serviceKeys) {
        this.serviceKeys = serviceKeys;
    }

    @Override
    public Effect<DeleteServiceKeyResponse> prepare(
            Authorized<DeleteServiceKeyRequest> authorized) {
        return Effect.slow(
                () -> {
                    serviceKeys.delete(
                            authorized.region(),
                            authorized.caller().account(),
                            authorized.request().getServicePrincipal());
                    return DeleteServiceKeyResponse.getDefaultInstance();
                });
    }
}
