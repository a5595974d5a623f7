package io.keyhold.operation.grants;

import io.keyhold.access.Authorized;
import io.keyhold.access.Need;
import io.keyhold.key.Arn;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.NamedPrincipals;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateGrantResponse;
import java.time.InstantSource;
import java.util.List;

/** Lets somebody use a key, beside its policy. */
final class CreateGrant implements Operation<CreateGrantRequest, CreateGrantResponse> {

    private final MetadataStore store;
    private final Keyring keyring;
    private final Grants grants;
    private final NewGrantTerms newTerms;
    private final InstantSource clock;

    CreateGrant(
            MetadataStore store,
            Keyring keyring,
            Grants grants,
            NamedPrincipals principals,
            InstantSource clock) {
        this.store = store;
        this.keyring = keyring;
        this.grants = grants;
        this.newTerms = new NewGrantTerms(principals);
        this.clock = clock;
    }

    static List<Need> needs(CreateGrantRequest request) {
        return List.of(
                new Need(
                        "kms:CreateGrant",
                        new Need.KeyToGrant(
                                request.getKeyId(),
                                NewGrantTerms.operations(request),
                                NewGrantTerms.constraints(request))));
    }

    @Override
    public Effect<CreateGrantResponse> prepare(Authorized<CreateGrantRequest> authorized) {
        KeyRecord key = authorized.key();
        key.require(StateRule.GRANT);
        GrantTerms terms = newTerms.of(authorized.request(), key, authorized.caller());
        return Effect.slow(() -> create(key.arn(), terms));
    }

    private CreateGrantResponse create(Arn key, GrantTerms terms) {
        Grant grant =
                keyring.locked(
                        key,
                        now -> {
                            now.require(StateRule.GRANT);
                            return grants.create(
                                    Grant.of(key, clock.instant(), terms), store::createGrant);
                        });
        return CreateGrantResponse.newBuilder()
                .setGrantToken(grant.token())
                .setGrantId(grant.id())
                .build();
    }
}
