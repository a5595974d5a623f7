package io.keyhold.operation.tags;

import io.keyhold.access.Authorized;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.KeyChange;
import io.keyhold.operation.Operation;
import io.keyhold.operation.TagList;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.TagResourceResponse;
import java.util.Map;

/** Adds tags to a key, or gives tags that it has another value. */
final class TagResource implements Operation<TagResourceRequest, TagResourceResponse> {

    private final MetadataStore store;
    private final Keyring keyring;

    TagResource(MetadataStore store, Keyring keyring) {
        this.store = store;
        this.keyring = keyring;
    }

    @Override
    public Effect<TagResourceResponse> prepare(Authorized<TagResourceRequest> authorized) {
        Map<String, String> more = TagList.parse(authorized.request().getTagsList());
        return KeyChange.of(
                keyring,
                authorized.key(),
                now -> now.require(StateRule.METADATA),
                now -> store.setTags(now.arn(), now.tags().with(more)),
                TagResourceResponse.getDefaultInstance());
    }
}
