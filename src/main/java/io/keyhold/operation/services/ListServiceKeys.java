package io.keyhold.operation.services;

import io.keyhold.access.Authorized;
import io.keyhold.key.ServiceKey;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.ListServiceKeysRequest;
import io.keyhold.v1.ListServiceKeysResponse;
import io.keyhold.v1.ServiceKeyEntry;

/** Lists the keys that the account has chosen for services. */
final class ListServiceKeys implements Operation<ListServiceKeysRequest, ListServiceKeysResponse> {

    static final String NAME = "ListServiceKeys";

    private static final int USUAL_LIMIT = 50;

    private final ServiceKeys serviceKeys;

    ListServiceKeys(ServiceKeys serviceKeys) {
        this.serviceKeys = serviceKeys;
    }

    @Override
    public Effect<ListServiceKeysResponse> prepare(Authorized<ListServiceKeysRequest> authorized) {
        ListServiceKeysRequest request = authorized.request();
        String after = request.hasMarker() ? Page.last(NAME, request.getMarker()) : "";
        int limit = request.hasLimit() ? request.getLimit() : USUAL_LIMIT;
        return Effect.of(() -> answer(authorized, after, limit));
    }

    private ListServiceKeysResponse answer(Authorized<?> authorized, String after, int limit) {
        Page<ServiceKey> page =
                Page.of(
                        serviceKeys.list(
                                authorized.region(),
                                authorized.caller().account(),
                                after,
                                limit + 1),
                        limit,
                        chosen -> Page.marker(NAME, chosen.service()));
        ListServiceKeysResponse.Builder answer =
                ListServiceKeysResponse.newBuilder().setTruncated(page.marker().isPresent());
        page.marker().ifPresent(answer::setNextMarker);
        page.elements().forEach(chosen -> answer.addServiceKeys(entry(chosen)));
        return answer.build();
    }

    static ServiceKeyEntry entry(ServiceKey chosen) {
        return ServiceKeyEntry.newBuilder()
                .setServicePrincipal(chosen.service())
                .setKeyArn(chosen.key().toString())
                .setUpdateDate(Timestamps.of(chosen.chosenAt()))
                .build();
    }
}
