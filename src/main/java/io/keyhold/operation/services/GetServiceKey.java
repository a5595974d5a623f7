package io.keyhold.operation.services;

import io.keyhold.access.Authorized;
import io.keyhold.key.ServiceKey;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.GetServiceKeyRequest;
import io.keyhold.v1.GetServiceKeyResponse;

/** Answers the key that the account has chosen for a service. */
final class GetServiceKey implements Operation<GetServiceKeyRequest, GetServiceKeyResponse> {

    private final ServiceKeys serviceKeys;

    GetServiceKey(ServiceKeys serviceKeys) {
        this.serviceKeys = serviceKeys;
    }

    @Override
    public Effect<GetServiceKeyResponse> prepare(Authorized<GetServiceKeyRequest> authorized) {
        String account = authorized.caller().account();
        String service = authorized.request().getServicePrincipal();
        ServiceKey chosen =
                serviceKeys
                        .find(authorized.region(), account, service)
                        .orElseThrow(() -> ServiceKeys.notFound(account, service));
        return Effect.of(
                () ->
                        GetServiceKeyResponse.newBuilder()
                                .setServiceKey(ListServiceKeys.entry(chosen))
                                .build());
    }
}
