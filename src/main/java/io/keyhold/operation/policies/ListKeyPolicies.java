package io.keyhold.operation.policies;

import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyPoliciesResponse;

/** Lists the names of a key's policies, of which there is one. */
final class ListKeyPolicies implements Operation<ListKeyPoliciesRequest, ListKeyPoliciesResponse> {

    @Override
    public Effect<ListKeyPoliciesResponse> prepare(Authorized<ListKeyPoliciesRequest> authorized) {
        if (authorized.request().hasMarker()) {
            throw KmsFault.of(
                    FaultName.InvalidMarkerException,
                    "Marker is not one that ListKeyPolicies has answered as NextMarker.");
        }
        return Effect.of(
                () ->
                        ListKeyPoliciesResponse.newBuilder()
                                .addPolicyNames(PolicyVerbs.DEFAULT)
                                .setTruncated(false)
                                .build());
    }
}
