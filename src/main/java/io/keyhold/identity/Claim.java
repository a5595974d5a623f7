package io.keyhold.identity;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.List;

/** What the metadata of a call can say of its caller. */
public enum Claim {
    /** The principal that the operator wants to be. */
    ACT_AS("keyhold-act-as"),
    /** The account that a service calls for. */
    SOURCE_ACCOUNT("keyhold-source-account"),
    /** The resource that a service calls for. */
    SOURCE_ARN("keyhold-source-arn"),
    /** Temporary credentials of the caller. */
    SESSION_TOKEN("keyhold-session-token"),
    /** The principal that a service says it acts for. */
    ON_BEHALF_OF("keyhold-on-behalf-of"),
    /** What a principal gave to a service, to act for it. */
    FORWARD_ACCESS("keyhold-forward-access");

    private final String header;

    Claim(String header) {
        this.header = header;
    }

    /** What a caller hears whose claim is not believed. */
    KmsFault refused(String why) {
        return KmsFault.of(
                FaultName.UnrecognizedClientException, "%s is refused: %s.", header, why);
    }

    /** The one value that it has. */
    String once(List<String> values) {
        if (values.size() > 1) {
            throw refused("it is there " + values.size() + " times, not once");
        }
        return values.getFirst();
    }

    /** The name of the metadata. */
    public String header() {
        return header;
    }
}
