package io.keyhold.operation.policies;

import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.ListKeyPoliciesRequest;
import java.util.List;

/** The rows of this room. */
public final class PolicyVerbs {

    private PolicyVerbs() {}

    public static List<Verb<?, ?>> rows() {
        return List.of(
                Verb.ofKey(
                        "GetKeyPolicy",
                        GetKeyPolicyRequest.getDefaultInstance(),
                        AuditClass.READ,
                        GetKeyPolicyRequest::getKeyId,
                        new GetKeyPolicy()),
                Verb.ofKey(
                        "ListKeyPolicies",
                        ListKeyPoliciesRequest.getDefaultInstance(),
                        AuditClass.READ,
                        ListKeyPoliciesRequest::getKeyId,
                        new ListKeyPolicies()));
    }
}
