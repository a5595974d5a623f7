package io.keyhold.operation.grants;

import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.NamedPrincipals;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.ListGrantsRequest;
import io.keyhold.v1.ListRetirableGrantsRequest;
import io.keyhold.v1.RetireGrantRequest;
import io.keyhold.v1.RevokeGrantRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of this room. */
public final class GrantVerbs {

    private GrantVerbs() {}

    public static List<Verb<?, ?>> rows(
            MetadataStore store,
            Keyring keyring,
            Grants grants,
            NamedPrincipals principals,
            InstantSource clock) {
        return List.of(
                new Verb<>(
                        "CreateGrant",
                        CreateGrantRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        CreateGrant::needs,
                        new CreateGrant(store, keyring, grants, principals, clock)),
                Verb.ofKey(
                        ListGrants.NAME,
                        ListGrantsRequest.getDefaultInstance(),
                        AuditClass.READ,
                        ListGrantsRequest::getKeyId,
                        new ListGrants(grants)),
                new Verb<>(
                        ListRetirableGrants.NAME,
                        ListRetirableGrantsRequest.getDefaultInstance(),
                        AuditClass.READ,
                        ListRetirableGrants::needs,
                        new ListRetirableGrants(grants)),
                new Verb<>(
                        "RetireGrant",
                        RetireGrantRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        RetireGrant::needs,
                        new RetireGrant(store, grants)),
                Verb.ofKey(
                        "RevokeGrant",
                        RevokeGrantRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        RevokeGrantRequest::getKeyId,
                        new RevokeGrant(store, grants)));
    }
}
