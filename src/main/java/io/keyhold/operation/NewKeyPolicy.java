package io.keyhold.operation;

import io.keyhold.access.Authorized;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PolicyParser;
import io.keyhold.policy.PrincipalPattern;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Checks a policy that a caller wants a key to have. */
public final class NewKeyPolicy {

    private static final int MOST_BYTES = 32_768;

    private final Set<String> accounts;

    /**
     * @param accounts those that this daemon knows
     */
    public NewKeyPolicy(Set<String> accounts) {
        this.accounts = Set.copyOf(accounts);
    }

    /**
     * Passes if a key may have the policy.
     *
     * @param bypass whether the caller takes the risk of not being able to change it again
     * @throws KmsFault LimitExceededException, MalformedPolicyDocumentException
     */
    public void require(Authorized<?> request, Arn key, String document, boolean bypass) {
        int size = document.getBytes(StandardCharsets.UTF_8).length;
        if (size > MOST_BYTES) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "The key policy has %d bytes; the most is %d.",
                    size,
                    MOST_BYTES);
        }
        Policy policy = PolicyParser.ofKey(document, Map.of());
        for (PrincipalPattern principal : policy.principals()) {
            if (principal instanceof PrincipalPattern.OfAccount named) {
                requireKnown(named.account());
                requirePartition(named.partition(), key.partition());
            }
        }
        if (!bypass && !request.wouldBeAllowed("kms:PutKeyPolicy", key, policy)) {
            throw KmsFault.of(
                    FaultName.MalformedPolicyDocumentException,
                    "The new key policy will not allow you to update the key policy in the"
                            + " future.");
        }
    }

    private static void requirePartition(String named, String own) {
        if (!named.isEmpty() && !named.equals(own)) {
            throw KmsFault.of(
                    FaultName.MalformedPolicyDocumentException,
                    "Policy contains a statement with one or more invalid principals: partition"
                            + " '%s' is not that of the key.",
                    named);
        }
    }

    private void requireKnown(String account) {
        if (!accounts.contains(account)) {
            throw KmsFault.of(
                    FaultName.MalformedPolicyDocumentException,
                    "Policy contains a statement with one or more invalid principals: this daemon"
                            + " has no account %s.",
                    account);
        }
    }
}
