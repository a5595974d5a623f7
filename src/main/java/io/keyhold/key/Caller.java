package io.keyhold.key;

import java.util.Optional;

/**
 * An authenticated principal.
 *
 * @param principal an IAM or STS ARN
 * @param how how the principal proved who it is
 * @param actor the operator's process that acts as this principal, if one does
 */
public record Caller(Arn principal, Authentication how, Optional<LocalProcess> actor) {

    /** A principal in person. */
    public Caller(Arn principal, Authentication how) {
        this(principal, how, Optional.empty());
    }

    /** How a caller was authenticated. */
    public enum Authentication {
        /** By the credentials of a local process on the operator's Unix socket. */
        UNIX_PEER,
        /** By a client certificate. */
        TLS_CERTIFICATE
    }

    /** The account that the principal belongs to. */
    public String account() {
        return principal.account();
    }

    /** Whether this is the root user of an account. */
    public boolean isRootOf(String account) {
        return principal.isRoot() && principal.account().equals(account);
    }
}
