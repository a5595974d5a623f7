package io.keyhold.operation.tags;

import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.KeyChange;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.UntagResourceRequest;
import io.keyhold.v1.UntagResourceResponse;
import java.util.List;

/** Removes tags from a key. */
final class UntagResource implements Operation<UntagResourceRequest, UntagResourceResponse> {

    private static final int LONGEST_TAG_KEY = 128;

    private final MetadataStore store;
    private final Keyring keyring;

    UntagResource(MetadataStore store, Keyring keyring) {
        this.store = store;
        this.keyring = keyring;
    }

    @Override
    public Effect<UntagResourceResponse> prepare(Authorized<UntagResourceRequest> authorized) {
        List<String> tagKeys = authorized.request().getTagKeysList();
        tagKeys.forEach(UntagResource::require);
        return KeyChange.of(
                keyring,
                authorized.key(),
                now -> now.require(StateRule.METADATA),
                now -> store.setTags(now.arn(), now.tags().without(tagKeys)),
                UntagResourceResponse.getDefaultInstance());
    }

    /** The elements of a list have no limits in {@code proto/}. */
    private static void require(String tagKey) {
        if (tagKey.isEmpty() || tagKey.length() > LONGEST_TAG_KEY) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "1 validation error detected: Value at 'tagKeys' failed to satisfy constraint:"
                            + " Member must satisfy constraint: [Member must have length less than"
                            + " or equal to %d, Member must have length greater than or equal to"
                            + " 1]",
                    LONGEST_TAG_KEY);
        }
        Tags.requireFree(tagKey);
    }
}
