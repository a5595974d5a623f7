package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller.SessionContext;
import io.keyhold.key.Principal;
import java.time.Instant;
import java.util.List;

/**
 * Temporary credentials of a role or a user, as their token carries them.
 *
 * @param issuer the role or user that they are of
 * @param issuerId its unique ID
 * @param name the name of a role's session; empty for a user's
 * @param issuedTo who may use them, and nobody else
 * @param policies documents that narrow what they allow
 * @param secretAccessKey signs requests; not a copy
 */
public record Session(
        Arn issuer,
        String issuerId,
        String name,
        BoundPrincipal issuedTo,
        Instant issuedAt,
        Instant expiresAt,
        List<String> policies,
        byte[] secretAccessKey) {

    public Session {
        policies = List.copyOf(policies);
    }

    /** Who calls with them: a session of the role, or the user. */
    Principal principal() {
        return new Principal.OfAccount(name.isEmpty() ? issuer : issuer.session(name));
    }

    SessionContext context() {
        return new SessionContext(issuer, issuerId, issuedTo, issuedAt, policies);
    }
}
