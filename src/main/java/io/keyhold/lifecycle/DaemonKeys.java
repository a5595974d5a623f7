package io.keyhold.lifecycle;

import io.keyhold.key.KeyId;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keys that the daemon has for itself, with material in the token like any other. No caller comes
 * to them: no request is for their region, nobody belongs to their account, and their policy denies
 * everything to everybody.
 */
public final class DaemonKeys {

    /** No region, so that it stays the same if the daemon serves another one. */
    public static final String REGION = "";

    private static final String ACCOUNT = "keyhold";
    private static final String NOBODY =
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
            """;

    private final Keyring keyring;
    private final Lifecycle lifecycle;

    public DaemonKeys(Keyring keyring, Lifecycle lifecycle) {
        this.keyring = keyring;
        this.lifecycle = lifecycle;
    }

    /** One of them. */
    public Optional<KeyRecord> find(KeyId id) {
        return keyring.find(REGION, id).filter(key -> key.arn().account().equals(ACCOUNT));
    }

    /** Those of a usage. */
    public Stream<KeyRecord> of(KeyUsage usage) {
        return keyring.list(REGION, ACCOUNT, "", Integer.MAX_VALUE).stream()
                .filter(key -> key.usage() == usage);
    }

    /**
     * One more.
     *
     * @param tags what it is to be known by
     */
    public KeyRecord create(KeySpec spec, KeyUsage usage, String description, Tags tags) {
        return lifecycle.createKey(
                new NewKey(
                        lifecycle.newKeyArn(REGION, ACCOUNT),
                        spec,
                        usage,
                        KeyOrigin.AWS_KMS,
                        KeyManager.AWS,
                        description,
                        Optional.of(new KeyPolicy(NOBODY)),
                        tags));
    }
}
