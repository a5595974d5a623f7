package io.keyhold.operation;

import io.keyhold.iam.Entity;
import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import io.keyhold.policy.Policy;
import io.keyhold.policy.PrincipalPattern;
import io.keyhold.policy.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The principals that a new policy names. */
public final class NamedPrincipals {

    private final Predicate<String> accounts;
    private final Function<Arn, Optional<Entity>> namesakes;

    /**
     * @param accounts whether this daemon knows an account
     * @param namesakes the user or role of the name in an ARN, whatever its path
     */
    public NamedPrincipals(Predicate<String> accounts, Function<Arn, Optional<Entity>> namesakes) {
        this.accounts = accounts;
        this.namesakes = namesakes;
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
        for (Statement statement : policy.statements()) {
            for (PrincipalPattern principal : statement.principals().named()) {
                if (principal instanceof PrincipalPattern.OfAccount named) {
                    requireMeant(named, partition, statement);
                }
                bind(principal, statement, bound);
            }
        }
        return bound;
    }

    private void bind(PrincipalPattern principal, Statement statement, Map<String, String> bound) {
        String arn =
                switch (principal) {
                    case PrincipalPattern.Named named -> named.arn();
                    case PrincipalPattern.Role role -> role.arn();
                    default -> "";
                };
        Arn.parse(arn)
                .flatMap(named -> uniqueId(named, why -> invalid(statement, why)))
                .ifPresent(id -> bound.put(arn, id));
    }

    /** Whether this daemon knows an account. */
    public boolean isKnown(String account) {
        return accounts.test(account);
    }

    /**
     * Binds a principal that a grant names, likewise.
     *
     * @throws KmsFault InvalidArnException
     */
    public BoundPrincipal bind(Arn principal) {
        String uniqueId =
                uniqueId(principal, why -> KmsFault.of(FaultName.InvalidArnException, "%s", why))
                        .orElse("");
        return new BoundPrincipal(new Principal.OfAccount(principal), uniqueId);
    }

    private void requireMeant(
            PrincipalPattern.OfAccount named, String partition, Statement statement) {
        if (!accounts.test(named.account())) {
            throw invalid(statement, "this daemon has no account " + named.account());
        }
        if (!named.partition().isEmpty() && !named.partition().equals(partition)) {
            throw invalid(statement, "partition '" + named.partition() + "' is not " + partition);
        }
    }

    /** A role is matched by its name: one that is named with a wrong path would be let in. */
    private Optional<String> uniqueId(Arn principal, Function<String, KmsFault> refusal) {
        Optional<Entity> found = namesakes.apply(principal);
        found.map(Entity::arn)
                .filter(arn -> !principal.isSession() && !arn.equals(principal))
                .ifPresent(
                        arn -> {
                            throw refusal.apply(
                                    "there is no %s, but %s"
                                            .formatted(principal.resource(), arn.resource()));
                        });
        return found.map(Entity::uniqueId);
    }

    private static KmsFault invalid(Statement statement, String why) {
        return KmsFault.of(
                FaultName.MalformedPolicyDocumentException,
                "Statement[%d].%s: Policy contains a statement with one or more invalid"
                        + " principals: %s.",
                statement.index(),
                statement.principals().inverted() ? "NotPrincipal" : "Principal",
                why);
    }
}
