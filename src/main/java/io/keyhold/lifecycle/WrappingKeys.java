package io.keyhold.lifecycle;

import io.keyhold.key.Arn;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import io.keyhold.token.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The pairs by which material comes wrapped: what is wrapped for one key, no other can take in. One
 * of each kind is handed out for a day for a key; it unwraps for a day more, and its deletion is
 * planned from the first moment on.
 */
public final class WrappingKeys {

    /** How long what was handed out is good. */
    public static final Duration LIFE = Duration.ofHours(24);

    private static final int DAYS = 2;
    private static final String DESCRIPTION = "Unwraps key material that is imported";

    /** The tag that says into which key. */
    private static final String INTO = "keyhold:imports-into";

    /** The tag that says by which algorithms, since what a pair may do is fixed with it. */
    private static final String BY = "keyhold:unwraps";

    private final DaemonKeys keys;
    private final KeyStore keyStore;
    private final Keyring keyring;
    private final Lifecycle lifecycle;
    private final Clocks clocks;
    private final ReentrantLock making = new ReentrantLock();

    public WrappingKeys(
            DaemonKeys keys,
            KeyStore keyStore,
            Keyring keyring,
            Lifecycle lifecycle,
            Clocks clocks) {
        this.keys = keys;
        this.keyStore = keyStore;
        this.keyring = keyring;
        this.lifecycle = lifecycle;
        this.clocks = clocks;
    }

    /** The one of a kind that is handed out now for a key; made, if there is none. */
    public KeyRecord current(Arn into, KeySpec spec) {
        Optional<KeyRecord> young = young(into, spec);
        return young.isPresent() ? young.get() : make(into, spec);
    }

    /** One that was handed out for a key; empty if it is gone, or was made to unwrap otherwise. */
    public Optional<KeyRecord> find(Arn into, KeyId id) {
        return keys.find(id).filter(key -> isFor(key, into));
    }

    private boolean isFor(KeyRecord key, Arn into) {
        return key.usage() == KeyUsage.UNWRAP && key.tags().values().equals(tags(into).values());
    }

    private Tags tags(Arn into) {
        String algorithms =
                keyStore.unwraps().stream().map(Enum::name).collect(Collectors.joining(" "));
        return Tags.NONE.with(Map.of(INTO, into.toString(), BY, algorithms));
    }

    private Optional<KeyRecord> young(Arn into, KeySpec spec) {
        Instant now = clocks.now();
        return keys.of(KeyUsage.UNWRAP)
                .filter(key -> key.spec() == spec && isFor(key, into) && !isLost(key))
                .filter(key -> key.state() == KeyState.PendingDeletion)
                .filter(key -> now.isBefore(key.createdAt().plus(LIFE)))
                .filter(key -> !now.isBefore(key.createdAt()))
                .max(Comparator.comparing(KeyRecord::createdAt));
    }

    private boolean isLost(KeyRecord key) {
        return keyring.missing().contains(key.current().ckaId());
    }

    private KeyRecord make(Arn into, KeySpec spec) {
        making.lock();
        try {
            Optional<KeyRecord> faster = young(into, spec);
            if (faster.isPresent()) {
                return faster.get();
            }
            endWhatACrashLeft();
            KeyRecord made = keys.create(spec, KeyUsage.UNWRAP, DESCRIPTION, tags(into));
            return lifecycle.scheduleDeletion(made.arn(), DAYS);
        } finally {
            making.unlock();
        }
    }

    /** Between the two steps of making one. */
    private void endWhatACrashLeft() {
        keys.of(KeyUsage.UNWRAP)
                .filter(key -> key.state() != KeyState.PendingDeletion)
                .toList()
                .forEach(key -> lifecycle.scheduleDeletion(key.arn(), DAYS));
    }
}
