package io.keyhold.lifecycle;

import io.keyhold.key.KeyId;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.keyring.Keyring;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pairs by which material comes wrapped. One of each kind is handed out for a day; it unwraps
 * for a day more, and its deletion is planned from the first moment on.
 */
public final class WrappingKeys {

    /** How long what was handed out is good. */
    public static final Duration LIFE = Duration.ofHours(24);

    private static final int DAYS = 2;
    private static final String DESCRIPTION = "Unwraps key material that is imported";

    private final DaemonKeys keys;
    private final Keyring keyring;
    private final Lifecycle lifecycle;
    private final Clocks clocks;
    private final ReentrantLock making = new ReentrantLock();

    public WrappingKeys(DaemonKeys keys, Keyring keyring, Lifecycle lifecycle, Clocks clocks) {
        this.keys = keys;
        this.keyring = keyring;
        this.lifecycle = lifecycle;
        this.clocks = clocks;
    }

    /** The one of a kind that is handed out now; made, if there is none. */
    public KeyRecord current(KeySpec spec) {
        Optional<KeyRecord> young = young(spec);
        return young.isPresent() ? young.get() : make(spec);
    }

    /** One that was handed out; empty if it is gone. */
    public Optional<KeyRecord> find(KeyId id) {
        return keys.find(id).filter(key -> key.usage() == KeyUsage.UNWRAP);
    }

    private Optional<KeyRecord> young(KeySpec spec) {
        Instant now = clocks.now();
        return keys.of(KeyUsage.UNWRAP)
                .filter(key -> key.spec() == spec && !isLost(key))
                .filter(key -> key.state() == KeyState.PendingDeletion)
                .filter(key -> now.isBefore(key.createdAt().plus(LIFE)))
                .filter(key -> !now.isBefore(key.createdAt()))
                .max(Comparator.comparing(KeyRecord::createdAt));
    }

    private boolean isLost(KeyRecord key) {
        return keyring.missing().contains(key.current().ckaId());
    }

    private KeyRecord make(KeySpec spec) {
        making.lock();
        try {
            Optional<KeyRecord> faster = young(spec);
            if (faster.isPresent()) {
                return faster.get();
            }
            endWhatACrashLeft();
            KeyRecord made = keys.create(spec, KeyUsage.UNWRAP, DESCRIPTION);
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
