package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;

/** Lists the keys of the caller's account and region, ordered by ID. */
final class ListKeys implements Operation<ListKeysRequest, ListKeysResponse> {

    static final String NAME = "ListKeys";
    private static final int USUAL_LIMIT = 100;

    private final Keyring keyring;

    ListKeys(Keyring keyring) {
        this.keyring = keyring;
    }

    @Override
    public Effect<ListKeysResponse> prepare(Authorized<ListKeysRequest> authorized) {
        ListKeysRequest request = authorized.request();
        String after = request.hasMarker() ? Page.last(NAME, request.getMarker()) : "";
        int limit = request.hasLimit() ? request.getLimit() : USUAL_LIMIT;
        String account = authorized.caller().account();
        return Effect.of(() -> answer(authorized.region(), account, after, limit));
    }

    private ListKeysResponse answer(String region, String account, String after, int limit) {
        Page<KeyRecord> page =
                Page.of(
                        keyring.list(region, account, after, limit + 1),
                        limit,
                        key -> Page.marker(NAME, key.id().toString()));
        ListKeysResponse.Builder response =
                ListKeysResponse.newBuilder().setTruncated(page.marker().isPresent());
        page.marker().ifPresent(response::setNextMarker);
        for (KeyRecord key : page.elements()) {
            response.addKeys(
                    KeyListEntry.newBuilder()
                            .setKeyId(key.id().toString())
                            .setKeyArn(key.arn().toString()));
        }
        return response.build();
    }
}
