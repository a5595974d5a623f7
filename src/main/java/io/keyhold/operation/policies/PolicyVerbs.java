package io.keyhold.operation.policies;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.NewKeyPolicy;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.ExplainAccessRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.PutKeyPolicyRequest;
import java.util.List;
import java.util.NavigableSet;

/** The rows of this room. */
public final class PolicyVerbs {

    /** The only name that a key policy has. */
    static final String DEFAULT = "default";

    private PolicyVerbs() {}

    public static List<Verb<?, ?>> rows(
            MetadataStore store, Keyring keyring, NewKeyPolicy newPolicy) {
        return List.of(
                Verb.ofKey(
                        "PutKeyPolicy",
                        PutKeyPolicyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        PutKeyPolicyRequest::getKeyId,
                        new PutKeyPolicy(store, keyring, newPolicy)),
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

    /**
     * The row of the verb that explains what the others may.
     *
     * @param actions those that are about keys
     */
    public static Verb<?, ?> explainAccess(NavigableSet<String> actions) {
        return new Verb<>(
                "keyhold",
                "ExplainAccess",
                ExplainAccessRequest.getDefaultInstance(),
                AuditClass.READ,
                ExplainAccess::needs,
                new ExplainAccess(actions));
    }

    /** Passes if a key may have a policy of this name. */
    static void requireDefault(String policyName) {
        if (!policyName.equals(DEFAULT)) {
            throw KmsFault.of(FaultName.NotFoundException, "No such policy exists");
        }
    }
}
