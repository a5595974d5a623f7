package io.keyhold.operation.tags;

import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.TagResourceRequest;
import io.keyhold.v1.UntagResourceRequest;
import java.util.List;

/** The rows of this room. */
public final class TagVerbs {

    private TagVerbs() {}

    public static List<Verb<?, ?>> rows(MetadataStore store, Keyring keyring) {
        return List.of(
                Verb.ofKey(
                        "TagResource",
                        TagResourceRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        TagResourceRequest::getKeyId,
                        new TagResource(store, keyring)),
                Verb.ofKey(
                        "UntagResource",
                        UntagResourceRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        UntagResourceRequest::getKeyId,
                        new UntagResource(store, keyring)),
                Verb.ofKey(
                        ListResourceTags.NAME,
                        ListResourceTagsRequest.getDefaultInstance(),
                        AuditClass.READ,
                        ListResourceTagsRequest::getKeyId,
                        new ListResourceTags()));
    }
}
