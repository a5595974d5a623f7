package io.keyhold.token.pkcs11;

import static org.awaitility.Awaitility.await;

import io.keyhold.testkit.SharedObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The fault shim, {@code src/test/c/pkcs11_shim.c}: a PKCS#11 module in front of SoftHSM that fails
 * as it is told. A process has one, since it loads a library once.
 */
public final class Shim {

    public static final long CKR_DEVICE_ERROR = 0x30;
    static final long CKR_SESSION_HANDLE_INVALID = 0xb3;

    // struct control
    private static final long REMOVED = 0;
    private static final long SHUFFLE = 8;
    private static final long LIE = 16;
    private static final long RULES = 32;
    // struct rule
    private static final long NAME_LENGTH = 32;
    private static final long CALLS = 32;
    private static final long INSIDE = 40;
    private static final long TIMES = 48;
    private static final long CODE = 56;
    private static final long AFTER = 64;
    private static final long HANG = 72;
    private static final long RULE_LENGTH = 80;
    private static final int FUNCTIONS = 68;

    private static final Shim ONLY = build();

    private final SharedObject shared;
    private final Path configuration;

    private Shim(SharedObject shared, Path configuration) {
        this.shared = shared;
        this.configuration = configuration;
    }

    /** The shim of this process, doing nothing but counting. */
    public static Shim fresh() {
        ONLY.reset();
        return ONLY;
    }

    private static Shim build() {
        SharedObject shared = SharedObject.build("pkcs11_shim.c", RULES + FUNCTIONS * RULE_LENGTH);
        try {
            Path configuration = shared.library().resolveSibling("shim.cfg");
            Files.writeString(configuration, "name = Shim\nlibrary = " + shared.library() + "\n");
            configuration.toFile().deleteOnExit();
            return new Shim(shared, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names the library to SunPKCS11. */
    Path configuration() {
        return configuration;
    }

    /** What the library reads. */
    Map<String, String> environment() {
        return Map.of(
                "KEYHOLD_SHIM_LIBRARY", SoftHsm.library().toString(),
                "KEYHOLD_SHIM_CONTROL", shared.control().toString());
    }

    /** The next so many calls of a function answer a code, and the real token is not asked. */
    public void failBefore(String function, long code, long times) {
        rule(function, code, 0, times);
    }

    /** The next so many calls of a function take effect, and answer a code all the same. */
    public void failAfter(String function, long code, long times) {
        rule(function, code, 1, times);
    }

    /** Waits until as many calls of a function have failed as shall. */
    public void awaitFailed(String function) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> get(function, TIMES) == 0);
    }

    private void rule(String function, long code, long after, long times) {
        set(function, CODE, code);
        set(function, AFTER, after);
        set(function, TIMES, times);
    }

    /** The next call of a function does not come back until it is released. */
    public Hang hangOnce(String function) {
        return hang(function, 1);
    }

    /** Likewise the next so many calls. */
    public Hang hang(String function, long times) {
        set(function, CODE, 0);
        set(function, HANG, 1);
        set(function, TIMES, times);
        return new Hang(function);
    }

    /** The device is gone: every call fails, until it is back and the library initialised again. */
    public void remove() {
        shared.set(REMOVED, 1);
    }

    public void putBack() {
        shared.set(REMOVED, 0);
    }

    /** From the next C_Initialize on, an object's handle is another one in each epoch. */
    void shuffleHandles() {
        shared.set(SHUFFLE, 1);
    }

    /** From the next C_Initialize on, whoever uses a key uses another one. */
    void useWrongKeys(boolean wrong) {
        shared.set(LIE, wrong ? 1 : 0);
    }

    /** How often a function was called. */
    public long calls(String function) {
        return get(function, CALLS);
    }

    /** How many threads are in a function now. */
    public long inside(String function) {
        return get(function, INSIDE);
    }

    private void reset() {
        for (long offset : new long[] {REMOVED, SHUFFLE, LIE}) {
            shared.set(offset, 0);
        }
        for (int i = 0; i < FUNCTIONS; i++) {
            for (long field = CALLS; field < RULE_LENGTH; field += Long.BYTES) {
                shared.set(RULES + i * RULE_LENGTH + field, 0);
            }
        }
    }

    private long get(String function, long field) {
        return shared.get(offset(function) + field);
    }

    private void set(String function, long field, long value) {
        shared.set(offset(function) + field, value);
    }

    /** The shim writes the names in, so that the two need not count alike. */
    private long offset(String function) {
        for (int i = 0; i < FUNCTIONS; i++) {
            long offset = RULES + i * RULE_LENGTH;
            if (shared.page().asSlice(offset, NAME_LENGTH).getString(0).equals(function)) {
                return offset;
            }
        }
        throw new IllegalArgumentException(function + ": the shim is not loaded, or has not that");
    }

    /** Calls that do not come back. */
    public final class Hang {

        private final String function;

        private Hang(String function) {
            this.function = function;
        }

        /** Waits until every call that shall hang does. */
        public void awaitEntered() {
            await().until(() -> get(function, TIMES) == 0 && inside(function) > 0);
        }

        /** Lets it go on, and do what it was called for. */
        public void release() {
            set(function, HANG, 0);
        }
    }
}
