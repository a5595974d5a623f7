package io.keyhold.token.pkcs11;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Searches and creations that take turns, in a library in this process. In SoftHSM 2.6.1 a search
 * makes a C_GenerateKey fail that another thread is in (1 to 5 in 100 did), and finds objects that
 * are half made. Across a network nothing takes turns: one call that hangs would hold up all.
 */
final class Turns {

    private final boolean needed;
    private final ReentrantLock lock = new ReentrantLock(true);

    Turns(boolean inProcess) {
        this.needed = inProcess;
    }

    /** Makes a call when it is its turn. */
    <T> T take(Supplier<T> call) {
        if (!needed) {
            return call.get();
        }
        lock.lock();
        try {
            return call.get();
        } finally {
            lock.unlock();
        }
    }
}
