package io.keyhold.operation.policies;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyPolicyResponse;

/** Answers the policy of a key. */
final class GetKeyPolicy implements Operation<GetKeyPolicyRequest, GetKeyPolicyResponse> {

    @Override
    public Effect<GetKeyPolicyResponse> prepare(Authorized<GetKeyPolicyRequest> authorized) {
        GetKeyPolicyRequest request = authorized.request();
        KeyRecord key = authorized.key();
        if (request.hasPolicyName()) {
            PolicyVerbs.requireDefault(request.getPolicyName());
        }
        return Effect.of(
                () ->
                        GetKeyPolicyResponse.newBuilder()
                                .setPolicy(key.policy().document())
                                .setPolicyName(PolicyVerbs.DEFAULT)
                                .build());
    }
}
