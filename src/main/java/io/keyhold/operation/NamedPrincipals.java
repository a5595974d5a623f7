package io.keyhold.operation;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PrincipalPattern;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The principals that a new policy names. */
public final class NamedPrincipals {

    private final Predicate<String> accounts;
    private final Function<Arn, Optional<String>> uniqueIds;

    /**
     * @param accounts whether this daemon knows an account
     * @param uniqueIds of the users and roles that there is a record of
     */
    public NamedPrincipals(Predicate<String> accounts, Function<Arn, Optional<String>> uniqueIds) {
        this.accounts = accounts;
        this.uniqueIds = uniqueIds;
    }

    /**
     * Binds a policy to those whom it names: who gets the name of one later is not meant.
     *
     * @param partition the one that they must be in
     * @return the unique IDs of the users and roles that there are, by their ARN
     * @throws KmsFault MalformedPolicyDocumentException
     */
    public Map<String, String> bind(Policy policy, String partition) {
        Map<String, String> bound = new HashMap<>();
        for (PrincipalPattern principal : policy.principals()) {
            if (principal instanceof PrincipalPattern.OfAccount named) {
                requireKnown(named.account());
                requirePartition(named.partition(), partition);
            }
            String arn =
                    switch (principal) {
                        case PrincipalPattern.Named named -> named.arn();
                        case PrincipalPattern.Role role -> role.arn();
                        default -> "";
                    };
            Arn.parse(arn).flatMap(uniqueIds).ifPresent(id -> bound.put(arn, id));
        }
        return bound;
    }

    /** Whether this daemon knows an account. */
    public boolean isKnown(String account) {
        return accounts.test(account);
    }

    /** Binds a principal that a grant names, likewise. */
    public BoundPrincipal bind(Arn principal) {
        String uniqueId = uniqueIds.apply(principal).orElse("");
        return new BoundPrincipal(new Principal.OfAccount(principal), uniqueId);
    }

    private static void requirePartition(String named, String own) {
        if (!named.isEmpty() && !named.equals(own)) {
            throw KmsFault.of(
                    FaultName.MalformedPolicyDocumentException,
                    "Policy contains a statement with one or more invalid principals: partition"
                            + " '%s' is not %s.",
                    named,
                    own);
        }
    }

    private void requireKnown(String account) {
        if (!accounts.test(account)) {
            throw KmsFault.of(
                    FaultName.MalformedPolicyDocumentException,
                    "Policy contains a statement with one or more invalid principals: this daemon"
                            + " has no account %s.",
                    account);
        }
    }
}
