package io.keyhold.token.pkcs11;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current epoch, and the breaker: when a token is lost, callers fail at once while one thread
 * drains the lanes, finalises the library, and tries at a limited rate to begin the next epoch.
 */
final class Epochs implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Epochs.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Connector connector;
    private final TokenSettings settings;
    private final Runnable abandon;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread recovery = new Thread(this::recover, "token-recovery");

    private volatile @Nullable Epoch current;
    private @Nullable Epoch broken;
    private boolean closed;

    /**
     * Begins the first epoch.
     *
     * @param abandon ends the process when a thread does not come back from the library
     */
    Epochs(Connector connector, TokenSettings settings, Runnable abandon) {
        this.connector = connector;
        this.settings = settings;
        this.abandon = abandon;
        this.current = beginPatiently();
        recovery.setDaemon(true);
        recovery.start();
    }

    /**
     * The epoch that is on.
     *
     * @throws KmsFault KeyUnavailableException if there is none
     */
    Epoch current() {
        Epoch epoch = current;
        if (epoch == null) {
            throw unavailable();
        }
        return epoch;
    }

    boolean available() {
        return current != null;
    }

    /** Ends this epoch, if it is still the current one, and begins another. */
    void suspect(Epoch epoch, String why) {
        lock.lock();
        try {
            if (current == epoch && !closed) {
                log.warn("epoch {} of {} ends: {}", epoch.number(), settings.describe(), why);
                current = null;
                broken = epoch;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    static KmsFault unavailable() {
        return KmsFault.of(
                FaultName.KeyUnavailableException,
                "The token that holds the key is not available. You can retry the request.");
    }

    /** The first epoch: several processes that open one SoftHSM token at once fail now and then. */
    private Epoch beginPatiently() {
        for (int attempt = 1; ; attempt++) {
            try {
                return connector.begin(1);
            } catch (CkrException | TokenException e) {
                if (attempt == 3) {
                    throw e instanceof TokenException
                            ? e
                            : new TokenException(settings.describe() + ": " + e.getMessage(), e);
                }
                pause(FIRST_PAUSE);
            }
        }
    }

    private void recover() {
        try {
            while (true) {
                Epoch lost = awaitBroken();
                if (lost == null) {
                    return;
                }
                if (!lost.drain(GRACE)) {
                    log.error("a call into {} does not come back", settings.describe());
                    abandon.run();
                    return;
                }
                connector.end();
                begin(lost.number() + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(long number) {
        Duration pause = FIRST_PAUSE;
        String last = "";
        while (!isClosed()) {
            try {
                Epoch next = connector.begin(number);
                lock.lock();
                try {
                    current = next;
                } finally {
                    lock.unlock();
                }
                log.info("epoch {} of {} begins", number, settings.describe());
                return;
            } catch (RuntimeException e) {
                String what = String.valueOf(e.getMessage());
                if (!what.equals(last)) {
                    log.warn("{} stays away: {}", settings.describe(), what);
                    last = what;
                }
                pause(pause);
                pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        }
    }

    private @Nullable Epoch awaitBroken() throws InterruptedException {
        lock.lock();
        try {
            while (broken == null && !closed) {
                changed.await();
            }
            Epoch lost = broken;
            broken = null;
            return closed ? null : lost;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** Drains the lanes and finalises the library. */
    @Override
    public void close() {
        Epoch last;
        lock.lock();
        try {
            last = current;
            closed = true;
            current = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            recovery.join(GRACE);
            if (last != null && last.drain(GRACE)) {
                connector.end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
