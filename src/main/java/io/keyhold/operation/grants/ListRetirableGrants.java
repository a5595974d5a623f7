package io.keyhold.operation.grants;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.keyring.Grants;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.operation.Page;
import io.keyhold.v1.ListGrantsResponse;
import io.keyhold.v1.ListRetirableGrantsRequest;
import java.util.List;

/** Lists the grants of a region that somebody may retire, whatever their key. */
final class ListRetirableGrants
        implements Operation<ListRetirableGrantsRequest, ListGrantsResponse> {

    static final String NAME = "ListRetirableGrants";

    private final Grants grants;

    ListRetirableGrants(Grants grants) {
        this.grants = grants;
    }

    static List<Need> needs(ListRetirableGrantsRequest request) {
        if (request.hasRetiringPrincipal() == request.hasRetiringServicePrincipal()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "Either RetiringPrincipal or RetiringServicePrincipal must be given.");
        }
        return List.of(
                new Need(
                        "kms:" + NAME,
                        request.hasRetiringPrincipal()
                                ? new Need.OwnPrincipal(request.getRetiringPrincipal())
                                : new Need.CallingService(request.getRetiringServicePrincipal())));
    }

    @Override
    public Effect<ListGrantsResponse> prepare(Authorized<ListRetirableGrantsRequest> authorized) {
        ListRetirableGrantsRequest request = authorized.request();
        String text =
                request.hasRetiringPrincipal()
                        ? request.getRetiringPrincipal()
                        : request.getRetiringServicePrincipal();
        Principal retiring = Principal.parse(text).orElseThrow();
        String region = authorized.region();
        String after = request.hasMarker() ? Page.last(NAME, request.getMarker()) : "";
        int limit = request.hasLimit() ? request.getLimit() : GrantPage.USUAL_LIMIT;
        return Effect.of(
                () ->
                        GrantPage.of(
                                NAME,
                                grants.list(
                                        retiring,
                                        grant -> grant.key().region().equals(region),
                                        after,
                                        limit + 1),
                                limit));
    }
}
