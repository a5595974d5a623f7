package io.keyhold.operation.tags;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.v1.ListResourceTagsRequest;
import io.keyhold.v1.ListResourceTagsResponse;
import io.keyhold.v1.Tag;
import java.util.List;

/** Lists the tags of a key, ordered by tag key. */
final class ListResourceTags
        implements Operation<ListResourceTagsRequest, ListResourceTagsResponse> {

    static final String NAME = "ListResourceTags";
    private static final int USUAL_LIMIT = 50;

    @Override
    public Effect<ListResourceTagsResponse> prepare(
            Authorized<ListResourceTagsRequest> authorized) {
        ListResourceTagsRequest request = authorized.request();
        KeyRecord key = authorized.key();
        String after = request.hasMarker() ? Page.last(NAME, request.getMarker()) : "";
        int limit = request.hasLimit() ? request.getLimit() : USUAL_LIMIT;
        return Effect.of(() -> answer(key, after, limit));
    }

    private static ListResourceTagsResponse answer(KeyRecord key, String after, int limit) {
        List<Tag> tags =
                key.tags().values().tailMap(after, false).entrySet().stream()
                        .limit(limit + 1L)
                        .map(
                                tag ->
                                        Tag.newBuilder()
                                                .setTagKey(tag.getKey())
                                                .setTagValue(tag.getValue())
                                                .build())
                        .toList();
        Page<Tag> page = Page.of(tags, limit, tag -> Page.marker(NAME, tag.getTagKey()));
        ListResourceTagsResponse.Builder response =
                ListResourceTagsResponse.newBuilder()
                        .addAllTags(page.elements())
                        .setTruncated(page.marker().isPresent());
        page.marker().ifPresent(response::setNextMarker);
        return response.build();
    }
}
