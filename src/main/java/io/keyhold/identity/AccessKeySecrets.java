package io.keyhold.identity;

import io.keyhold.key.Arn;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the secrets of access keys come from. */
public interface AccessKeySecrets {

    /** The access key of an ID, if it may be used now. */
    Optional<Known> find(String accessKeyId);

    /**
     * An access key that may be used.
     *
     * @param owner whose it is
     * @param version another one whenever the secret is another
     * @param secret opens it; the caller zeroes the answer after use
     */
    record Known(Arn owner, String version, Supplier<byte[]> secret) {}
}
