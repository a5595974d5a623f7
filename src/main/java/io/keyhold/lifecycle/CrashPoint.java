package io.keyhold.lifecycle;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places where the crash tests kill the process for real. The system property {@code
 * keyhold.crashpoint} names one; without it, reaching one does nothing.
 */
enum CrashPoint {
    /** The row is written, the token has not been asked. */
    MATERIAL_BEGUN,
    /** The object exists, no row says that it is good. */
    MATERIAL_GENERATED,
    /** The row is active, nobody has been told. */
    MATERIAL_ACTIVATED,
    /** The rows say that the key is being destroyed; its objects are all there. */
    DESTRUCTION_BEGUN,
    /** The audit record says that the objects are destroyed; they are all there. */
    DESTRUCTION_RECORDED,
    /** One object is gone, perhaps not the last one; the rows are there. */
    OBJECT_DESTROYED,
    /** Only the tombstone is left. */
    KEY_BURIED;

    private static final Logger log = LoggerFactory.getLogger(CrashPoint.class);
    private static final String CHOSEN = System.getProperty("keyhold.crashpoint", "");

    /** Says loudly, at start, that a crash was asked for. */
    static void announce() {
        if (!CHOSEN.isEmpty()) {
            log.warn("THIS DAEMON WILL KILL ITSELF at {} (keyhold.crashpoint)", valueOf(CHOSEN));
        }
    }

    void reached() {
        if (!name().equals(CHOSEN)) {
            return;
        }
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            new ProcessBuilder("kill", "-KILL", self).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
