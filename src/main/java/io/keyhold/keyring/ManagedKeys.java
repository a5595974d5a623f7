package io.keyhold.keyring;

import io.keyhold.key.Arn;
import io.keyhold.key.Service;

/** The keys that services have in the accounts of those for whom they call. */
public interface ManagedKeys {

    /**
     * Sees to it that a service has its key in an account. It may have to be made: that takes as
     * long as a token does.
     *
     * @param alias of the key: {@code alias/aws/<service>}
     */
    void ensure(Arn alias, Service service);
}
