package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Tags;
import java.util.Optional;

/**
 * What is said of a key that shall be created.
 *
 * @param arn a new one
 * @param usage one that the spec allows
 * @param origin AWS_KMS, or EXTERNAL: then it has no material yet
 * @param policy its key policy; without one it has the default
 */
public record NewKey(
        Arn arn,
        KeySpec spec,
        KeyUsage usage,
        KeyOrigin origin,
        KeyManager manager,
        String description,
        Optional<KeyPolicy> policy,
        Tags tags) {}
