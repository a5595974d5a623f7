package io.keyhold.access;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.Caller;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Service;
import io.keyhold.key.Services;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Grants;
import io.keyhold.policy.GrantIndex;
import io.keyhold.policy.KeyGrants;
import java.util.Optional;

/**
 * The grants of a key that count for a caller. Those of a service managed key count as far as its
 * policy goes: for the service, and for principals of the account through it.
 */
final class EffectiveGrants {

    private final Grants grants;
    private final Aliases aliases;
    private final Services services;

    EffectiveGrants(Grants grants, Aliases aliases, Services services) {
        this.grants = grants;
        this.aliases = aliases;
        this.services = services;
    }

    KeyGrants of(Caller caller, Need need, KeyRecord key) {
        if (key.manager() == KeyManager.AWS && !comesByItsService(caller, key.arn())) {
            return KeyGrants.NONE;
        }
        GrantIndex index = grants.index(key.arn());
        // Who creates a grant by a grant can only hand on what he has.
        return need.target() instanceof Need.KeyToGrant wanted
                ? question -> index.allowing(question, wanted::isWithin)
                : question -> index.allowing(question, terms -> true);
    }

    private boolean comesByItsService(Caller caller, Arn key) {
        Optional<Service> service =
                caller.isService()
                        ? services.find(caller.principal().toString())
                        : caller.via()
                                .filter(via -> caller.account().equals(key.account()))
                                .map(Caller.Via::service);
        return service.flatMap(its -> aliases.find(its.alias(key)))
                .map(Alias::targetArn)
                .filter(key::equals)
                .isPresent();
    }
}
