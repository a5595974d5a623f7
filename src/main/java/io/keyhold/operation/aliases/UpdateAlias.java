package io.keyhold.operation.aliases;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Arn;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.UpdateAliasRequest;
import io.keyhold.v1.UpdateAliasResponse;
import java.time.InstantSource;
import java.util.List;

/** Lets an alias name another key. */
final class UpdateAlias implements Operation<UpdateAliasRequest, UpdateAliasResponse> {

    private static final String ACTION = "kms:UpdateAlias";

    private final MetadataStore store;
    private final Keyring keyring;
    private final Aliases aliases;
    private final InstantSource clock;

    UpdateAlias(MetadataStore store, Keyring keyring, Aliases aliases, InstantSource clock) {
        this.store = store;
        this.keyring = keyring;
        this.aliases = aliases;
        this.clock = clock;
    }

    static List<Need> needs(UpdateAliasRequest request) {
        return List.of(
                new Need(ACTION, new Need.AliasName(request.getAliasName())),
                new Need(ACTION, AliasTarget.of(request.getTargetKeyId())),
                new Need(ACTION, new Need.KeyOfAlias(request.getAliasName())));
    }

    @Override
    public Effect<UpdateAliasResponse> prepare(Authorized<UpdateAliasRequest> authorized) {
        Arn alias = authorized.alias();
        KeyRecord key = authorized.secondKey();
        key.require(StateRule.ALIAS_TARGET);
        return Effect.slow(
                () ->
                        keyring.locked(
                                key.arn(),
                                current -> {
                                    current.require(StateRule.ALIAS_TARGET);
                                    aliases.retarget(
                                            alias, key.id(), clock.instant(), store::updateAlias);
                                    return UpdateAliasResponse.getDefaultInstance();
                                }));
    }
}
