package io.keyhold.operation.aliases;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Alias;
import io.keyhold.keyring.Aliases;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.operation.Timestamps;
import io.keyhold.v1.AliasListEntry;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.ListAliasesResponse;
import java.util.List;

/** Lists the aliases of an account, or of one key, ordered by name. */
final class ListAliases implements Operation<ListAliasesRequest, ListAliasesResponse> {

    static final String NAME = "ListAliases";
    private static final String ACTION = "kms:" + NAME;
    private static final int USUAL_LIMIT = 50;

    private final Aliases aliases;

    ListAliases(Aliases aliases) {
        this.aliases = aliases;
    }

    static List<Need> needs(ListAliasesRequest request) {
        Need list = new Need(ACTION, new Need.Account());
        return request.hasKeyId()
                ? List.of(new Need(ACTION, new Need.MentionedKey(request.getKeyId())), list)
                : List.of(list);
    }

    @Override
    public Effect<ListAliasesResponse> prepare(Authorized<ListAliasesRequest> authorized) {
        ListAliasesRequest request = authorized.request();
        String after = request.hasMarker() ? Page.last(NAME, request.getMarker()) : "";
        int limit = request.hasLimit() ? request.getLimit() : USUAL_LIMIT;
        return Effect.of(() -> answer(list(authorized, after, limit + 1), limit));
    }

    private List<Alias> list(Authorized<ListAliasesRequest> authorized, String after, int limit) {
        return authorized.request().hasKeyId()
                ? aliases.list(authorized.key().arn(), after, limit)
                : aliases.list(authorized.region(), authorized.caller().account(), after, limit);
    }

    private static ListAliasesResponse answer(List<Alias> oneMore, int limit) {
        Page<Alias> page = Page.of(oneMore, limit, alias -> Page.marker(NAME, alias.name()));
        ListAliasesResponse.Builder response =
                ListAliasesResponse.newBuilder().setTruncated(page.marker().isPresent());
        page.marker().ifPresent(response::setNextMarker);
        page.elements().forEach(alias -> response.addAliases(entry(alias)));
        return response.build();
    }

    private static AliasListEntry entry(Alias alias) {
        return AliasListEntry.newBuilder()
                .setAliasName(alias.name())
                .setAliasArn(alias.arn().toString())
                .setTargetKeyId(alias.target().toString())
                .setCreationDate(Timestamps.of(alias.createdAt()))
                .setLastUpdatedDate(Timestamps.of(alias.updatedAt()))
                .build();
    }
}
