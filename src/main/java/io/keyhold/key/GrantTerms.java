package io.keyhold.key;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a grant allows to whom.
 *
 * @param name by which a repeated request is known; empty if it has none
 * @param retiring who else may retire it
 * @param issuingAccount the account of whoever made it, which may retire it
 */
public record GrantTerms(
        String name,
        BoundPrincipal grantee,
        Optional<BoundPrincipal> retiring,
        Set<GrantOperation> operations,
        GrantConstraints constraints,
        Arn issuingAccount) {

    public GrantTerms {
        operations = Set.copyOf(EnumSet.copyOf(operations));
    }

    /** Who may retire it. */
    public List<BoundPrincipal> retirers() {
        List<BoundPrincipal> retirers = new ArrayList<>();
        retirers.add(new BoundPrincipal(new Principal.OfAccount(issuingAccount), ""));
        retiring.ifPresent(retirers::add);
        if (operations.contains(GrantOperation.RetireGrant)) {
            retirers.add(grantee);
        }
        return retirers;
    }

    /** Whether who has a grant with these terms may create one with those. */
    public boolean mayHandOn(Set<GrantOperation> others, GrantConstraints limits) {
        return operations.containsAll(others) && limits.areAsStrictAs(constraints);
    }
}
