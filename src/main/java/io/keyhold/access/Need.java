package io.keyhold.access;

import io.keyhold.policy.ContextKeys;
import java.nio.ByteBuffer;
import java.util.List;

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

    /** The key of the caller's account that an identifier names: key ID or key ARN. */
    public record Key(String identifier) implements Target {}

    /** Likewise, but its ARN may be that of another account's key. */
    public record SharedKey(String identifier) implements Target {}

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

    /** No key, but the caller's own account. */
    public record Account() implements Target {}
}
