package io.keyhold.identity;

import io.keyhold.key.Caller;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What checks the signatures of one access key, which may be used.
 *
 * @param caller who signs with it
 * @param version another one whenever the secret is another
 * @param secret opens it; whoever asks zeroes the answer after use
 */
public record SigningCredential(Caller caller, String version, Supplier<byte[]> secret) {

    /** Where those of long-term access keys come from. */
    @FunctionalInterface
    public interface Source {

        /** The one of an access key, if it may be used now. */
        Optional<SigningCredential> find(String accessKeyId);
    }
}
