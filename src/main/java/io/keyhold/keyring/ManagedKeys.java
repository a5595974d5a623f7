package io.keyhold.keyring;

import io.keyhold.key.Arn;
import io.keyhold.key.Service;

/** The keys that services use in the accounts of those for whom they call. */
public interface ManagedKeys {

    /**
     * The key that an account has chosen for a service, or else the service's own there, which may
     * have to be made: that takes as long as a token does.
     *
     * @param alias of its own key: {@code alias/aws/<service>}
     */
    Arn keyOf(Arn alias, Service service);
}
