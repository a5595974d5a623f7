package io.keyhold.access;

import io.keyhold.iam.Kind;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.policy.ContextKeys;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * One permission that a request needs.
 *
 * @param action such as {@code kms:Encrypt}
 * @param target what it is done to
 * @param request what the request answers to conditions about this permission
 */
public record Need(String action, Target target, ContextKeys request) {

    public Need(String action, Target target) {
        this(action, target, key -> List.of());
    }

    /** The same permission, with what the request answers to conditions. */
    public Need with(ContextKeys keys) {
        return new Need(action, target, keys);
    }

    /** What a permission is about, as the request names it. */
    public sealed interface Target {}

    /**
     * The key that an identifier names: key ID or key ARN. It may be of another account only where
     * the action is for those too.
     */
    public record Key(String identifier) implements Target {}

    /** The key that an identifier names: key ID, key ARN, alias name or alias ARN. */
    public record KeyOrAlias(String identifier) implements Target {}

    /** A key of the caller's account that is only mentioned: it must be there, no more. */
    public record MentionedKey(String identifier) implements Target {}

    /** The key that an alias of the caller's account names now. */
    public record KeyOfAlias(String name) implements Target {}

    /** An alias of the caller's account, whether there is one or not. */
    public record AliasName(String name) implements Target {}

    /**
     * The key that a ciphertext names; an identifier, if there is one, must name the same key.
     *
     * @param identifier empty if the request names none
     */
    public record CiphertextKey(ByteBuffer blob, String identifier) implements Target {}

    /**
     * A key that somebody shall get a grant for, which may be of another account.
     *
     * @param operations what the grant shall allow
     * @param constraints what it shall ask for
     */
    public record KeyToGrant(
            String identifier, Set<GrantOperation> operations, GrantConstraints constraints)
            implements Target {

        /** Whether who has a grant with these terms may create that one. */
        boolean isWithin(GrantTerms terms) {
            return terms.mayHandOn(operations, constraints);
        }
    }

    /** The grant that a token stands for; the grant itself says who may. */
    public record GrantOfToken(String token) implements Target {}

    /** Likewise, a grant of a key, which may be of another account. */
    public record GrantOfKey(String identifier, String grantId) implements Target {}

    /** A principal of the caller's account. */
    public record OwnPrincipal(String arn) implements Target {}

    /** The service that calls: it needs nobody's permission for what is its own. */
    public record CallingService(String name) implements Target {}

    /** No key, but the caller's own account. */
    public record Account() implements Target {}

    /**
     * A user, group or role of the caller's account, whether there is one or not.
     *
     * @param name empty for the user who calls
     */
    public record Identity(Kind kind, String name) implements Target {}

    /**
     * A user, group, role or managed policy that is to be made in the caller's account.
     *
     * @param type as its ARN has it: {@code user}
     * @param path begins and ends with a slash
     */
    public record NewIdentity(String type, String path, String name) implements Target {}

    /** A managed policy of the caller's account, whether there is one or not. */
    public record ManagedPolicy(String arn) implements Target {}

    /** The user of the caller's account whose access key has an ID, whether there is one or not. */
    public record UserOfAccessKey(String id) implements Target {}

    /** A role to assume, which may be of another account, whether there is one or not. */
    public record RoleToAssume(String arn) implements Target {}

    /** The daemon as a whole: for the operator in person alone, whatever policies say. */
    public record Daemon() implements Target {}
}
