package io.keyhold.operation.aliases;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Arn;
import io.keyhold.keyring.Aliases;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.DeleteAliasRequest;
import io.keyhold.v1.DeleteAliasResponse;
import java.util.List;

/** Removes an alias; the key stays. */
final class DeleteAlias implements Operation<DeleteAliasRequest, DeleteAliasResponse> {

    private static final String ACTION = "kms:DeleteAlias";

    private final MetadataStore store;
    private final Aliases aliases;

    DeleteAlias(MetadataStore store, Aliases aliases) {
        this.store = store;
        this.aliases = aliases;
    }

    static List<Need> needs(DeleteAliasRequest request) {
        return List.of(
                new Need(ACTION, new Need.AliasName(request.getAliasName())),
                new Need(ACTION, new Need.KeyOfAlias(request.getAliasName())));
    }

    @Override
    public Effect<DeleteAliasResponse> prepare(Authorized<DeleteAliasRequest> authorized) {
        Arn alias = authorized.alias();
        return Effect.slow(
                () -> {
                    aliases.delete(alias, store::deleteAlias);
                    return DeleteAliasResponse.getDefaultInstance();
                });
    }
}
