package io.keyhold.operation.identities;

import io.keyhold.access.Need;
import io.keyhold.identity.Sessions;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.GetCallerIdentityRequest;
import io.keyhold.v1.GetSessionTokenRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of the verbs of AWS STS. */
final class StsVerbs {

    private static final String STS = "sts";

    private StsVerbs() {}

    static List<Verb<?, ?>> rows(
            Directory directory, Sessions sessions, KeyStore keyStore, InstantSource clock) {
        SessionIssuer issuer = new SessionIssuer(directory, sessions, keyStore, clock);
        return List.of(
                new Verb<>(
                        STS,
                        "GetCallerIdentity",
                        GetCallerIdentityRequest.getDefaultInstance(),
                        AuditClass.READ,
                        request -> List.of(),
                        new GetCallerIdentity(directory)),
                new Verb<>(
                        STS,
                        "AssumeRole",
                        AssumeRoleRequest.getDefaultInstance(),
                        AuditClass.ISSUE,
                        request ->
                                List.of(
                                        new Need(
                                                "sts:AssumeRole",
                                                new Need.RoleToAssume(request.getRoleArn()))),
                        new AssumeRole(directory, issuer)),
                new Verb<>(
                        STS,
                        "GetSessionToken",
                        GetSessionTokenRequest.getDefaultInstance(),
                        AuditClass.ISSUE,
                        request -> List.of(),
                        new GetSessionToken(directory, issuer)));
    }
}
