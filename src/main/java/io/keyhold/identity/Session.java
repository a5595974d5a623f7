package io.keyhold.identity;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.Caller.SessionContext;
import io.keyhold.key.Caller.Source;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Temporary credentials of a role or a user, as their token carries them.
 *
 * @param issuer the role or user that they are of
 * @param issuerId its unique ID
 * @param name the name of a role's session; empty for a user's
 * @param issuedTo who may use them, and nobody else
 * @param policies documents that narrow what they allow
 * @param accessKeyId names the secret in signatures
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
        String accessKeyId,
        byte[] secretAccessKey) {

    public Session {
        policies = List.copyOf(policies);
    }

    /** Who calls with them: a session of the role, or the user. */
    Principal principal() {
        return new Principal.OfAccount(name.isEmpty() ? issuer : issuer.session(name));
    }

    /**
     * Whoever calls with them.
     *
     * @param process of the operator who does, if one does
     */
    Caller caller(Authentication how, Optional<LocalProcess> process) {
        return new Caller(
                principal(),
                how,
                process,
                Source.NONE,
                Optional.of(
                        new SessionContext(
                                issuer, issuerId, issuedTo, issuedAt, expiresAt, policies)));
    }
}
