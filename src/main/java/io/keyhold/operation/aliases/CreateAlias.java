package io.keyhold.operation.aliases;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.CreateAliasRequest;
import io.keyhold.v1.CreateAliasResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Gives a key a friendly name. */
final class CreateAlias implements Operation<CreateAliasRequest, CreateAliasResponse> {

    private static final String ACTION = "kms:CreateAlias";

    private final MetadataStore store;
    private final Keyring keyring;
    private final Aliases aliases;
    private final InstantSource clock;

    CreateAlias(MetadataStore store, Keyring keyring, Aliases aliases, InstantSource clock) {
        this.store = store;
        this.keyring = keyring;
        this.aliases = aliases;
        this.clock = clock;
    }

    static List<Need> needs(CreateAliasRequest request) {
        return List.of(
                new Need(ACTION, new Need.AliasName(request.getAliasName())),
                new Need(ACTION, AliasTarget.of(request.getTargetKeyId())));
    }

    @Override
    public Effect<CreateAliasResponse> prepare(Authorized<CreateAliasRequest> authorized) {
        Arn alias = authorized.alias();
        KeyRecord key = authorized.secondKey();
        if (alias.resource().startsWith(Alias.RESERVED_PREFIX)) {
            throw KmsFault.of(
                    FaultName.InvalidAliasNameException,
                    "%s begins with %s, which is reserved.",
                    alias.resource(),
                    Alias.RESERVED_PREFIX);
        }
        key.require(StateRule.METADATA);
        Instant now = clock.instant();
        return Effect.slow(
                () ->
                        keyring.locked(
                                key.arn(),
                                current -> {
                                    current.require(StateRule.METADATA);
                                    aliases.create(
                                            new Alias(alias, key.id(), now, now),
                                            store::createAlias);
                                    return CreateAliasResponse.getDefaultInstance();
                                }));
    }
}
