package io.keyhold.operation.grants;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.FaultName;
import io.keyhold.key.Grant;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Grants;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RetireGrantResponse;
import java.util.List;

/** Removes a grant that has served its purpose: for those whom the grant names. */
final class RetireGrant implements Operation<RetireGrantRequest, RetireGrantResponse> {

    private static final String ACTION = "kms:RetireGrant";

    private final MetadataStore store;
    private final Grants grants;

    RetireGrant(MetadataStore store, Grants grants) {
        this.store = store;
        this.grants = grants;
    }

    static List<Need> needs(RetireGrantRequest request) {
        boolean token = request.hasGrantToken() && !request.hasKeyId() && !request.hasGrantId();
        boolean name = !request.hasGrantToken() && request.hasKeyId() && request.hasGrantId();
        if (!token && !name) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "A grant is named by GrantToken alone, or by KeyId and GrantId together.");
        }
        return List.of(
                new Need(
                        ACTION,
                        token
                                ? new Need.GrantOfToken(request.getGrantToken())
                                : new Need.GrantOfKey(request.getKeyId(), request.getGrantId())));
    }

    @Override
    public Effect<RetireGrantResponse> prepare(Authorized<RetireGrantRequest> authorized) {
        Grant grant = authorized.grant();
        return Effect.slow(
                () -> {
                    grants.delete(grant, store::deleteGrant);
                    return RetireGrantResponse.getDefaultInstance();
                });
    }
}
