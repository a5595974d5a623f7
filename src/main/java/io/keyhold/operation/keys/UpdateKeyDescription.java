package io.keyhold.operation.keys;

import io.keyhold.access.Authorized;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.KeyChange;
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
        String description = authorized.request().getDescription();
        return KeyChange.of(
                keyring,
                authorized.key(),
                now -> now.require(StateRule.METADATA),
                now -> store.setDescription(now.arn(), description),
                UpdateKeyDescriptionResponse.getDefaultInstance());
    }
}
