package io.keyhold.key;

import java.util.Set;

/**
 * A service that may act for principals.
 *
 * @param name such as {@code s3}
 * @param principal such as {@code s3.amazonaws.com}
 * @param mayAssertAccounts whose principals it may name without a proof that they asked it
 */
public record Service(String name, String principal, Set<String> mayAssertAccounts) {

    public Service {
        mayAssertAccounts = Set.copyOf(mayAssertAccounts);
    }

    /** What policies call it as the way that a request came, in {@code kms:ViaService}. */
    public String via(String region) {
        return name + "." + region + ".amazonaws.com";
    }
}
