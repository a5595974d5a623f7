package io.keyhold.policy;

import java.util.Locale;

/**
 * The name of something that a condition or a policy variable asks for. Names are case-insensitive.
 *
 * @param name in lower case: {@code aws:sourceip}; for keys with a parameter what stands before it,
 *     {@code kms:encryptioncontext}
 * @param parameter in lower case too; empty if the key has none
 * @see "AWS service authorization reference, condition keys of AWS KMS; IAM User Guide, global
 *     condition context keys"
 */
public record ContextKey(String name, String parameter) {

    private static final String ENCRYPTION_CONTEXT = "kms:encryptioncontext:";

    /** The key that asks for a pair of the encryption context. */
    static ContextKey ofEncryptionContext(String name) {
        return of(ENCRYPTION_CONTEXT + name);
    }

    /** The key that a policy names. */
    public static ContextKey of(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        if (lower.startsWith(ENCRYPTION_CONTEXT)) {
            int end = ENCRYPTION_CONTEXT.length();
            return new ContextKey(lower.substring(0, end - 1), lower.substring(end));
        }
        int slash = lower.indexOf('/');
        return slash < 0
                ? new ContextKey(lower, "")
                : new ContextKey(lower.substring(0, slash), lower.substring(slash + 1));
    }
}
