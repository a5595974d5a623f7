package io.keyhold.operation.grants;

import io.keyhold.access.Authorized;
import io.keyhold.key.Arn;
import io.keyhold.key.Grant;
import io.keyhold.keyring.Grants;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.v1.ListGrantsRequest;
import io.keyhold.v1.ListGrantsResponse;

/** Lists the grants of a key, ordered by ID. */
final class ListGrants implements Operation<ListGrantsRequest, ListGrantsResponse> {

    static final String NAME = "ListGrants";

    private final Grants grants;

    ListGrants(Grants grants) {
        this.grants = grants;
    }

    @Override
    public Effect<ListGrantsResponse> prepare(Authorized<ListGrantsRequest> authorized) {
        ListGrantsRequest request = authorized.request();
        Arn key = authorized.key().arn();
        if (request.hasGrantId()) {
            Grant.requireId(request.getGrantId());
        }
        String after = request.hasMarker() ? Page.last(NAME, request.getMarker()) : "";
        int limit = request.hasLimit() ? request.getLimit() : GrantPage.USUAL_LIMIT;
        return Effect.of(
                () ->
                        GrantPage.of(
                                NAME,
                                grants.list(
                                        key, grant -> isWanted(grant, request), after, limit + 1),
                                limit));
    }

    private static boolean isWanted(Grant grant, ListGrantsRequest request) {
        String grantee = grant.terms().grantee().toString();
        return (!request.hasGrantId() || grant.id().equals(request.getGrantId()))
                && (!request.hasGranteePrincipal() || grantee.equals(request.getGranteePrincipal()))
                && (!request.hasGranteeServicePrincipal()
                        || grantee.equals(request.getGranteeServicePrincipal()));
    }
}
