package io.keyhold.bench;

/** Calls of one verb to one server. */
interface Calls {

    /** Starts a call; exactly one of the two is told how it ends. */
    void start(long number, Runnable done, Failed failed);

    /** Told of a call that failed. */
    interface Failed {
        void because(Throwable e);
    }
}
