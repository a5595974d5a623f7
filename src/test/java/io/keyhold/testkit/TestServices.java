package io.keyhold.testkit;

import io.keyhold.key.KeyKind;
import io.keyhold.key.Service;
import java.util.Set;

/** Services as a configuration that says no more than their names declares them. */
public final class TestServices {

    private TestServices() {}

    public static Service of(String name, String principal) {
        return new Service(
                name,
                principal,
                "",
                Set.of(KeyKind.CUSTOMER_MANAGED, KeyKind.SERVICE_MANAGED),
                Set.of());
    }
}
