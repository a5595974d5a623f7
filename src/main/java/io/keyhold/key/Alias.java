package io.keyhold.key;

import java.time.Instant;

/**
 * A friendly name of a key.
 *
 * @param arn carries partition, region, account and the name
 * @param target a key of the same account and region
 * @param updatedAt when it was last given another key; at first, when it was created
 */
public record Alias(Arn arn, KeyId target, Instant createdAt, Instant updatedAt) {

    /** What every alias name begins with. */
    public static final String PREFIX = "alias/";

    /** What the names of aliases begin with that callers cannot make. */
    public static final String RESERVED_PREFIX = "alias/aws/";

    /** The name, with {@value #PREFIX} before it. */
    public String name() {
        return arn.resource();
    }

    /** The key's ARN. */
    public Arn targetArn() {
        return Arn.key(arn.partition(), arn.region(), arn.account(), target);
    }

    /** The same alias for another key. */
    public Alias to(KeyId other, Instant now) {
        return new Alias(arn, other, createdAt, now);
    }
}
