package io.keyhold.operation.identities;

import io.keyhold.identity.Seal;
import io.keyhold.identity.Sessions;
import io.keyhold.keyring.Accounts;
import io.keyhold.keyring.Directory;
import io.keyhold.operation.NamedPrincipals;
import io.keyhold.operation.Verb;
import io.keyhold.token.KeyStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The rows of this room. */
public final class IdentityVerbs {

    private IdentityVerbs() {}

    public static List<Verb<?, ?>> rows(
            Accounts accounts,
            Directory directory,
            NamedPrincipals principals,
            KeyStore keyStore,
            Seal seal,
            InstantSource clock) {
        List<Verb<?, ?>> rows = new ArrayList<>();
        rows.addAll(AccountVerbs.rows(accounts, clock));
        rows.addAll(UserVerbs.rows(directory, clock));
        rows.addAll(GroupVerbs.rows(directory, clock));
        rows.addAll(RoleVerbs.rows(directory, principals, clock));
        rows.addAll(InlinePolicyVerbs.rows(directory));
        rows.addAll(AttachmentVerbs.rows(directory));
        rows.addAll(ManagedPolicyVerbs.rows(directory, clock));
        rows.addAll(new AccessKeyVerbs(directory, keyStore, seal, clock).rows());
        rows.addAll(StsVerbs.rows(directory, new Sessions(seal), keyStore, clock));
        return rows;
    }
}
