package io.keyhold.operation.policies;

import io.keyhold.access.Authorized;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyPolicyResponse;

/** Answers the policy of a key. */
final class GetKeyPolicy implements Operation<GetKeyPolicyRequest, GetKeyPolicyResponse> {

    /** The only name that a key policy has. */
    static final String DEFAULT = "default";

    @Override
    public Effect<GetKeyPolicyResponse> prepare(Authorized<GetKeyPolicyRequest> authorized) {
        GetKeyPolicyRequest request = authorized.request();
        KeyRecord key = authorized.key();
        if (request.hasPolicyName() && !request.getPolicyName().equals(DEFAULT)) {
            throw KmsFault.of(FaultName.NotFoundException, "No such policy exists");
        }
        return Effect.of(
                () ->
                        GetKeyPolicyResponse.newBuilder()
                                .setPolicy(key.policy())
                                .setPolicyName(DEFAULT)
                                .build());
    }
}
