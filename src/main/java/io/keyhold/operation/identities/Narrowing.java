package io.keyhold.operation.identities;

import io.keyhold.iam.ManagedPolicy;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.keyring.ManagedPolicies;
import io.keyhold.policy.PolicyParser;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.PolicyDescriptorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policies that narrow a new session.
 *
 * @param size the characters of the request that stand for them
 */
record Narrowing(List<String> documents, int size) {

    private static final int LARGEST = 2048;

    /**
     * Those that a request has. Managed ones are taken as they stand now.
     *
     * @throws KmsFault MalformedPolicyDocumentException, PackedPolicyTooLargeException,
     *     ValidationException
     */
    static Narrowing of(AssumeRoleRequest request, Arn role, ManagedPolicies managed) {
        int size = request.getPolicy().length();
        for (PolicyDescriptorType policy : request.getPolicyArnsList()) {
            size += policy.getArn().length();
        }
        if (size > LARGEST) {
            throw KmsFault.of(
                    FaultName.PackedPolicyTooLargeException,
                    "Policy and PolicyArns have %d characters together; the most is %d.",
                    size,
                    LARGEST);
        }
        List<String> documents = new ArrayList<>();
        if (request.hasPolicy()) {
            PolicyParser.ofIdentity(request.getPolicy(), "session policy");
            documents.add(request.getPolicy());
        }
        for (PolicyDescriptorType policy : request.getPolicyArnsList()) {
            documents.add(managed(policy.getArn(), role, managed).document());
        }
        return new Narrowing(List.copyOf(documents), size);
    }

    /** How much of their room they take; empty if there are none. */
    Optional<Integer> percent() {
        return documents.isEmpty()
                ? Optional.empty()
                : Optional.of(Math.ceilDiv(size * 100, LARGEST));
    }

    private static ManagedPolicy managed(String text, Arn role, ManagedPolicies managed) {
        return Arn.parse(text)
                .filter(arn -> arn.account().equals(role.account()))
                .flatMap(managed::find)
                .orElseThrow(
                        () ->
                                KmsFault.of(
                                        FaultName.ValidationException,
                                        "PolicyArns: account %s has no managed policy '%s'.",
                                        role.account(),
                                        text));
    }
}
