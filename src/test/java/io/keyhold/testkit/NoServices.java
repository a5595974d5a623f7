package io.keyhold.testkit;

import io.keyhold.keyring.ManagedKeys;

/** For tests in which no service calls for anybody. */
public final class NoServices {

    public static final ManagedKeys EXPECTED =
            (alias, service) -> {
                throw new AssertionError("no service calls for anybody here");
            };

    private NoServices() {}
}
