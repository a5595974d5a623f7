package io.keyhold.iam;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;

/** The size of policy documents, as IAM counts it: white space is free. */
final class PolicyText {

    private PolicyText() {}

    static int size(String document) {
        return (int) document.chars().filter(c -> !Character.isWhitespace(c)).count();
    }

    /**
     * Passes if a document is not too long.
     *
     * @param quota its name in IAM's message
     * @throws KmsFault LimitExceededException
     */
    static void requireSize(String document, int most, String quota) {
        if (size(document) > most) {
            throw KmsFault.of(
                    FaultName.LimitExceededException,
                    "Cannot exceed quota for %s: %d",
                    quota,
                    most);
        }
    }
}
