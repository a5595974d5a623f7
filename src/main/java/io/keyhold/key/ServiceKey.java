package io.keyhold.key;

import java.time.Instant;

/**
 * The key that an account has chosen for a service, in place of the service's own there.
 *
 * @param service its principal, such as {@code s3.amazonaws.com}
 * @param key a key of the same account, which names the region too
 */
public record ServiceKey(String service, Arn key, Instant chosenAt) {}
