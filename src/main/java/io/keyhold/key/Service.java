package io.keyhold.key;

import java.util.Set;

/**
 * A service that may act for principals.
 *
 * @param name of its managed keys, such as {@code ebs} for {@code alias/aws/ebs}
 * @param principal such as {@code ec2.amazonaws.com}
 * @param account the one that is its own, where the keys are that it owns; empty if it has none
 * @param keys the kinds of key that it uses
 * @param mayAssertAccounts whose principals it may name without a proof that they asked it
 */
public record Service(
        String name,
        String principal,
        String account,
        Set<KeyKind> keys,
        Set<String> mayAssertAccounts) {

    public Service {
        keys = Set.copyOf(keys);
        mayAssertAccounts = Set.copyOf(mayAssertAccounts);
    }

    /** What makes keys its own. */
    public ServiceIdentity identity() {
        return new ServiceIdentity(principal, name, account);
    }

    /**
     * What policies call it as the way that a request came, in {@code kms:ViaService}: its
     * principal with the Region after the first label.
     */
    public String via(String region) {
        int end = principal.indexOf('.');
        return principal.substring(0, end) + "." + region + principal.substring(end);
    }

    /** The name of its key in the account, partition and Region of an ARN. */
    public Arn alias(Arn there) {
        return Arn.alias(
                there.partition(), there.region(), there.account(), Alias.RESERVED_PREFIX + name);
    }

    /** Whether it uses keys of a kind. */
    public boolean uses(KeyKind kind) {
        return keys.contains(kind);
    }
}
