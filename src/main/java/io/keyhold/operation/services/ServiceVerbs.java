package io.keyhold.operation.services;

import io.keyhold.identity.Forwarding;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of this room. */
public final class ServiceVerbs {

    private static final String KEYHOLD = "keyhold";

    private ServiceVerbs() {}

    public static List<Verb<?, ?>> rows(
            Directory directory, Forwarding forwarding, InstantSource clock) {
        return List.of(
                new Verb<>(
                        KEYHOLD,
                        "GetForwardAccessToken",
                        GetForwardAccessTokenRequest.getDefaultInstance(),
                        AuditClass.ISSUE,
                        request -> List.of(),
                        new GetForwardAccessToken(directory, forwarding, clock)));
    }
}
