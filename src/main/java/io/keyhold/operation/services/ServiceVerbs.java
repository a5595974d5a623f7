package io.keyhold.operation.services;

import io.keyhold.access.Need;
import io.keyhold.identity.Forwarding;
import io.keyhold.key.Services;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.DeleteServiceKeyRequest;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetServiceKeyRequest;
import io.keyhold.v1.ListServiceKeysRequest;
import io.keyhold.v1.PutServiceKeyRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of this room. */
public final class ServiceVerbs {

    private static final String KEYHOLD = "keyhold";

    private ServiceVerbs() {}

    public static List<Verb<?, ?>> rows(
            Directory directory,
            Services services,
            Forwarding forwarding,
            ServiceKeys serviceKeys,
            InstantSource clock) {
        return List.of(
                new Verb<>(
                        KEYHOLD,
                        "GetForwardAccessToken",
                        GetForwardAccessTokenRequest.getDefaultInstance(),
                        AuditClass.ISSUE,
                        request -> List.of(),
                        new GetForwardAccessToken(directory, services, forwarding, clock)),
                new Verb<>(
                        KEYHOLD,
                        "PutServiceKey",
                        PutServiceKeyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        request ->
                                List.of(
                                        new Need(
                                                action("PutServiceKey"),
                                                new Need.MentionedKey(request.getKeyId())),
                                        inAccount("PutServiceKey")),
                        new PutServiceKey(services, serviceKeys, clock)),
                new Verb<>(
                        KEYHOLD,
                        "GetServiceKey",
                        GetServiceKeyRequest.getDefaultInstance(),
                        AuditClass.READ,
                        request -> List.of(inAccount("GetServiceKey")),
                        new GetServiceKey(serviceKeys)),
                new Verb<>(
                        KEYHOLD,
                        ListServiceKeys.NAME,
                        ListServiceKeysRequest.getDefaultInstance(),
                        AuditClass.READ,
                        request -> List.of(inAccount(ListServiceKeys.NAME)),
                        new ListServiceKeys(serviceKeys)),
                new Verb<>(
                        KEYHOLD,
                        "DeleteServiceKey",
                        DeleteServiceKeyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        request -> List.of(inAccount("DeleteServiceKey")),
                        new DeleteServiceKey(serviceKeys)));
    }

    private static Need inAccount(String verb) {
        return new Need(action(verb), new Need.Account());
    }

    private static String action(String verb) {
        return KEYHOLD + ":" + verb;
    }
}
