package io.keyhold.key;

import java.util.Locale;

/**
 * Whose a key is, as a service sees it.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-mgmt">AWS
 *     KMS keys: customer managed, AWS managed, AWS owned</a>
 */
public enum KeyKind {
    /** Of an account, which made it and manages it. */
    CUSTOMER_MANAGED,
    /** Of an account, for one service; the daemon made it and manages it. */
    SERVICE_MANAGED,
    /** Of the service, in its own account, for many accounts. */
    SERVICE_OWNED;

    /** Such as {@code customer managed}. */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
