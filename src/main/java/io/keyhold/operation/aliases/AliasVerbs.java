package io.keyhold.operation.aliases;

import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.ListAliasesRequest;
import io.keyhold.v1.UpdateAliasRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of this room. */
public final class AliasVerbs {

    private AliasVerbs() {}

    public static List<Verb<?, ?>> rows(
            MetadataStore store, Keyring keyring, Aliases aliases, InstantSource clock) {
        return List.of(
                new Verb<>(
                        "CreateAlias",
                        CreateAliasRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        CreateAlias::needs,
                        new CreateAlias(store, keyring, aliases, clock)),
                new Verb<>(
                        "UpdateAlias",
                        UpdateAliasRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        UpdateAlias::needs,
                        new UpdateAlias(store, keyring, aliases, clock)),
                new Verb<>(
                        "DeleteAlias",
                        DeleteAliasRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        DeleteAlias::needs,
                        new DeleteAlias(store, aliases)),
                new Verb<>(
                        ListAliases.NAME,
                        ListAliasesRequest.getDefaultInstance(),
                        AuditClass.READ,
                        ListAliases::needs,
                        new ListAliases(aliases)));
    }
}
