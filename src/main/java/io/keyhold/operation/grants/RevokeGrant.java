package io.keyhold.operation.grants;

import io.keyhold.access.Authorized;
import io.keyhold.key.Grant;
import io.keyhold.keyring.Grants;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.RevokeGrantRequest;
import io.keyhold.v1.RevokeGrantResponse;

/** Removes a grant to end what it allows: for those who administer the key. */
final class RevokeGrant implements Operation<RevokeGrantRequest, RevokeGrantResponse> {

    private final MetadataStore store;
    private final Grants grants;

    RevokeGrant(MetadataStore store, Grants grants) {
        this.store = store;
        this.grants = grants;
    }

    @Override
    public Effect<RevokeGrantResponse> prepare(Authorized<RevokeGrantRequest> authorized) {
        String id = authorized.request().getGrantId();
        Grant.requireId(id);
        Grant grant =
                grants.find(authorized.key().arn(), id).orElseThrow(() -> Grants.notFound(id));
        return Effect.slow(
                () -> {
                    grants.delete(grant, store::deleteGrant);
                    return RevokeGrantResponse.getDefaultInstance();
                });
    }
}
