package io.keyhold.access;

import java.nio.ByteBuffer;

/**
 * One permission that a request needs.
 *
 * @param action such as {@code kms:Encrypt}
 * @param target what it is done to
 */
public record Need(String action, Target target) {

    /** What a permission is about, as the request names it. */
    public sealed interface Target {}

    /** The key that an identifier names: key ID, key ARN, alias name or alias ARN. */
    public record NamedKey(String identifier) implements Target {}

    /**
     * The key that a ciphertext names; an identifier, if there is one, must name the same key.
     *
     * @param identifier empty if the request names none
     */
    public record CiphertextKey(ByteBuffer blob, String identifier) implements Target {}

    /** No key, but the caller's own account. */
    public record Account() implements Target {}
}
