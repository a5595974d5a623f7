package io.keyhold.operation.policies;

import io.keyhold.access.Authorized;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.KeyChange;
import io.keyhold.operation.NewKeyPolicy;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.PutKeyPolicyRequest;
import io.keyhold.v1.PutKeyPolicyResponse;

/** Replaces the policy of a key. */
final class PutKeyPolicy implements Operation<PutKeyPolicyRequest, PutKeyPolicyResponse> {

    private final MetadataStore store;
    private final Keyring keyring;
    private final NewKeyPolicy newPolicy;

    PutKeyPolicy(MetadataStore store, Keyring keyring, NewKeyPolicy newPolicy) {
        this.store = store;
        this.keyring = keyring;
        this.newPolicy = newPolicy;
    }

    @Override
    public Effect<PutKeyPolicyResponse> prepare(Authorized<PutKeyPolicyRequest> authorized) {
        PutKeyPolicyRequest request = authorized.request();
        KeyRecord key = authorized.key();
        if (request.hasPolicyName()) {
            PolicyVerbs.requireDefault(request.getPolicyName());
        }
        KeyPolicy policy =
                newPolicy.require(
                        authorized,
                        key.arn(),
                        request.getPolicy(),
                        request.getBypassPolicyLockoutSafetyCheck());
        return KeyChange.of(
                keyring,
                key,
                now -> {}, // in every state
                now -> store.setPolicy(now.arn(), policy),
                PutKeyPolicyResponse.getDefaultInstance());
    }
}
