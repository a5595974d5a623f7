package io.keyhold.keyring;

import io.keyhold.key.Arn;
import java.util.concurrent.locks.ReentrantLock;

/** One lock a key, for whoever changes it; keys share a fixed number of them. */
final class KeyLocks {

    private static final int STRIPES = 256;

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    KeyLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    ReentrantLock of(Arn key) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }
}
