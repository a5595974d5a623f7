package io.keyhold.e2e;

import io.keyhold.testkit.SharedObject;
import java.time.Duration;
import java.util.Map;

/**
 * The machine that a daemon runs on: its writes into some files may fail, and its clock may be set.
 * It is a library that is loaded before all others, {@code src/test/c/machine_shim.c}.
 */
final class Machine {

    /** Errors of writes, by their numbers on Linux. */
    enum WriteError {
        EIO(5),
        ENOSPC(28);

        private final int number;

        WriteError(int number) {
            this.number = number;
        }
    }

    /** Whose writes can fail. */
    enum Files {
        DATABASE("keyhold.db"),
        JOURNAL("audit/"),
        TOKEN("softhsm/");

        private final String prefix;

        Files(String prefix) {
            this.prefix = prefix;
        }
    }

    // struct control
    private static final long FIRST = 0;
    private static final long TIMES = 8;
    private static final long ERROR = 16;
    private static final long CALLS = 24;
    private static final long AHEAD = 32;
    private static final long SIZE = 40;

    private final SharedObject shared = SharedObject.build("machine_shim.c", SIZE);

    private final Files files;

    Machine(Files files) {
        this.files = files;
    }

    /** What lets a process run on it. */
    Map<String, String> environment(Home home) {
        return Map.of(
                "LD_PRELOAD", shared.library().toString(),
                "KEYHOLD_MACHINE_CONTROL", shared.control().toString(),
                "KEYHOLD_MACHINE_FILES", home.path(files.prefix).toString());
    }

    /** From the n-th write from now on, so many fail. */
    void failWrites(long first, long times, WriteError error) {
        shared.set(CALLS, 0);
        shared.set(TIMES, times);
        shared.set(ERROR, error.number);
        shared.set(FIRST, first);
    }

    /** Lets writes succeed again; how many there were since they were told to fail. */
    long mend() {
        shared.set(FIRST, 0);
        return shared.get(CALLS);
    }

    /** Sets the clock on the wall to another time than it is. */
    void setClockAhead(Duration ahead) {
        shared.set(AHEAD, ahead.toSeconds());
    }
}
