package io.keyhold.operation;

import io.keyhold.access.Authorized;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Checks a policy that a caller wants a key to have. */
public final class NewKeyPolicy {

    private static final int MOST_BYTES = 32_768;

    private final NamedPrincipals principals;

    public NewKeyPolicy(NamedPrincipals principals) {
        this.principals = principals;
    }

    /**
     * Passes if a key may have the policy.
     *
     * @param bypass whether the caller takes the risk of not being able to change it again
     * @return the policy, bound to whom it names
     * @throws KmsFault LimitExceededException, MalformedPolicyDocumentException
     */
    public KeyPolicy require(Authorized<?> request, Arn key, String document, boolean bypass) {
        int size = document.getBytes(StandardCharsets.UTF_8).length;
        if (size > MOST_BYTES) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "The key policy has %d bytes; the most is %d.",
                    size,
                    MOST_BYTES);
        }
        Policy policy = PolicyParser.ofKey(document, Map.of());
        Map<String, String> uniqueIds = principals.bind(policy, key.partition());
        if (!bypass && !request.wouldBeAllowed("kms:PutKeyPolicy", key, policy)) {
            throw KmsFault.of(
                    FaultName.MalformedPolicyDocumentException,
                    "The new key policy will not allow you to update the key policy in the"
                            + " future.");
        }
        return new KeyPolicy(document, uniqueIds);
    }
}
