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
    private @Nullable Epoch lost;
    private boolean closed;
    private long begun;
    private Runnable onBegin = () -> {};

    /**
     * Begins the first epoch, or waits for the token in the background if it is not there.
     *
     * @param abandon ends the process when a thread does not come back from the library
     * @throws TokenException if an operator has to change something first
     */
    Epochs(Connector connector, TokenSettings settings, Runnable abandon) {
        this.connector = connector;
        this.settings = settings;
        this.abandon = abandon;
        try {
            current = begin();
        } catch (CkrException | TokenAbsentException e) {
            log.warn("{}; waiting for it", e.getMessage());
        }
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

    /** Runs at the beginning of each epoch, of the present one too if there is one. */
    void onBegin(Runnable listener) {
        lock.lock();
        try {
            onBegin = listener;
        } finally {
            lock.unlock();
        }
        if (available()) {
            listener.run();
        }
    }

    /** Ends this epoch, if it is still the current one, and begins another. */
    void suspect(Epoch epoch, String why) {
        lock.lock();
        try {
            if (current == epoch && !closed) {
                log.warn("epoch {} of {} ends: {}", epoch.number(), settings.describe(), why);
                current = null;
                lost = epoch;
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

    private Epoch begin() {
        return connector.begin(++begun);
    }

    private void recover() {
        try {
            while (awaitNeed()) {
                if (endLost()) {
                    beginAgain();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until there is no epoch; false when closed. */
    private boolean awaitNeed() throws InterruptedException {
        lock.lock();
        try {
            while (current != null && !closed) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean endLost() throws InterruptedException {
        Epoch ending = lost;
        if (ending == null) {
            return true;
        }
        if (!ending.drain(GRACE)) {
            log.error("a call into {} does not come back", settings.describe());
            abandon.run();
            return false;
        }
        connector.end();
        lost = null;
        return true;
    }

    private void beginAgain() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        String last = "";
        while (!isClosed()) {
            try {
                if (publish(begin())) {
                    log.info("epoch {} of {} begins", begun, settings.describe());
                    tell();
                } else {
                    connector.end();
                }
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

    /** Makes an epoch the current one, unless the key store was closed meanwhile. */
    private boolean publish(Epoch next) {
        lock.lock();
        try {
            if (!closed) {
                current = next;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        try {
            onBegin.run();
        } catch (RuntimeException e) {
            log.error("what follows on a new epoch failed", e);
        }
    }

    private void pause(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
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
        lock.lock();
        try {
            if (current != null) {
                lost = current;
            }
            closed = true;
            current = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!recovery.join(GRACE)) {
                return; // a thread is in the library: nobody may finalise it
            }
            if (lost != null && lost.drain(GRACE)) {
                connector.end();
                lost = null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
