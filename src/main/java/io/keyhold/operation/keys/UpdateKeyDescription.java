package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import io.keyhold.v1.UpdateKeyDescriptionResponse;

/** Replaces the description of a key. */
final class UpdateKeyDescription
        implements Operation<UpdateKeyDescriptionRequest, UpdateKeyDescriptionResponse> {

    private final MetadataStore store;
    private final Keyring keyring;

    UpdateKeyDescription(MetadataStore store, Keyring keyring) {
        this.store = store;
        this.keyring = keyring;
    }

    @Override
    public Effect<UpdateKeyDescriptionResponse> prepare(
            Authorized<UpdateKeyDescriptionRequest> authorized) {
        KeyRecord key = authorized.key();
        String description = authorized.request().getDescription();
        key.state().requireNotPendingDeletion(key.arn());
        return Effect.slow(
                () -> {
                    keyring.change(
                            key.arn(),
                            now -> {
                                now.state().requireNotPendingDeletion(now.arn());
                                return store.setDescription(now.arn(), description);
                            });
                    return UpdateKeyDescriptionResponse.getDefaultInstance();
                });
    }
}
