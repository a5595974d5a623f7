package io.keyhold.key;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An authenticated principal.
 *
 * @param ownAccount of a service, the account that it owns, if it has one; else empty
 * @param how how the principal proved who it is
 * @param actor the operator's process that acts as this principal, if one does
 * @param source for whom a service calls; nobody else has one
 * @param session what is known of the temporary credentials that it calls with, if it does
 * @param via the service that calls for it, if one does
 */
public record Caller(
        Principal principal,
        String ownAccount,
        Authentication how,
        Optional<LocalProcess> actor,
        Source source,
        Optional<SessionContext> session,
        Optional<Via> via) {

    /** A principal that calls by itself. */
    public Caller(
            Principal principal,
            Authentication how,
            Optional<LocalProcess> actor,
            Source source,
            Optional<SessionContext> session) {
        this(principal, "", how, actor, source, session, Optional.empty());
    }

    /** A principal in person. */
    public Caller(Principal principal, Authentication how) {
        this(principal, how, Optional.empty(), Source.NONE, Optional.empty());
    }

    /** A principal of an account in person. */
    public Caller(Arn principal, Authentication how) {
        this(new Principal.OfAccount(principal), how);
    }

    /** How a caller was authenticated. */
    public enum Authentication {
        /** By the credentials of a local process on the operator's Unix socket. */
        UNIX_PEER,
        /** By a client certificate. */
        TLS_CERTIFICATE,
        /** By an access key that signed the request. */
        SIGNATURE,
        /** By an access key, whose signature nobody looked at. */
        NOT_CHECKED
    }

    /**
     * The account, and the resource there, for which a service calls.
     *
     * @param account 12 digits, else that of the ARN; empty if neither says
     * @param arn empty if the service does not say
     */
    public record Source(String account, String arn) {

        public static final Source NONE = new Source("", "");
    }

    /**
     * Temporary credentials.
     *
     * @param issuer the role or user that they are of
     * @param issuerId its unique ID when they were issued
     * @param holder who proved to be somebody, and then uses them; the record there was of him
     * @param policies documents that narrow what they allow
     */
    public record SessionContext(
            Arn issuer,
            String issuerId,
            BoundPrincipal holder,
            Instant issuedAt,
            Instant expiresAt,
            List<String> policies) {}

    /**
     * A service that calls for a principal.
     *
     * @param actions what it may do for it
     */
    public record Via(Service service, Set<String> actions) {

        /** What no service can do more than. */
        public static final Set<String> ACTIONS =
                Set.of(
                        "kms:CreateGrant",
                        "kms:Decrypt",
                        "kms:DescribeKey",
                        "kms:Encrypt",
                        "kms:GenerateDataKey",
                        "kms:GenerateDataKeyPair",
                        "kms:GenerateDataKeyPairWithoutPlaintext",
                        "kms:GenerateDataKeyWithoutPlaintext",
                        "kms:ReEncryptFrom",
                        "kms:ReEncryptTo");

        /** What it may do if nobody says: nothing that outlasts what it was given. */
        public static final Set<String> USUAL_ACTIONS =
                ACTIONS.stream()
                        .filter(action -> !action.equals("kms:CreateGrant"))
                        .collect(Collectors.toUnmodifiableSet());

        public Via {
            actions = actions.stream().filter(ACTIONS::contains).collect(Collectors.toSet());
        }
    }

    /** The same service, calling for somebody. */
    public Caller onBehalfOf(Source other) {
        return new Caller(principal, ownAccount, how, actor, other, session, via);
    }

    /** The same principal, for whom a service calls. */
    public Caller through(Via service) {
        return new Caller(principal, ownAccount, how, actor, source, session, Optional.of(service));
    }

    /** The same service, which owns an account. */
    public Caller of(String account) {
        return new Caller(principal, account, how, actor, source, session, via);
    }

    /** The IAM or STS ARN; a service has none. */
    public Optional<Arn> arn() {
        return principal instanceof Principal.OfAccount named
                ? Optional.of(named.arn())
                : Optional.empty();
    }

    /** Whether this is a service. */
    public boolean isService() {
        return principal instanceof Principal.Service;
    }

    /** The account that the principal belongs to, or owns; empty for a service that has none. */
    public String account() {
        return arn().map(Arn::account).orElse(ownAccount);
    }

    /** Whether this is the daemon's operator in person, and acts as nobody else. */
    public boolean isOperator() {
        return how == Authentication.UNIX_PEER && actor.isEmpty() && session.isEmpty();
    }

    /** Whether this is the root user of an account. */
    public boolean isRootOf(String account) {
        return arn().filter(Arn::isRoot).map(Arn::account).filter(account::equals).isPresent();
    }
}
