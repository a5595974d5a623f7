package io.keyhold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that is measured.
 *
 * @param inflight calls in flight; threads, of the token program
 */
record Cell(String verb, int inflight, boolean tls) {

    static final List<Integer> INFLIGHT = List.of(1, 16, 64, 256);
    static final List<Integer> TOKEN_THREADS = List.of(1, 2);

    /** The token program, in operations of this verb. */
    static Cell token(String verb, int threads) {
        String name = "token_" + threads + (threads == 1 ? "_thread" : "_threads");
        return new Cell(name + "_" + verb.toLowerCase(Locale.ROOT), threads, false);
    }

    /** Appends to the disk of the audit journal. */
    static Cell disk() {
        return new Cell("write_fdatasync", 1, false);
    }

    /** This verb on every connection, with every number of calls in flight. */
    static List<Cell> of(String verb) {
        List<Cell> cells = new ArrayList<>();
        for (boolean tls : new boolean[] {true, false}) {
            for (int inflight : INFLIGHT) {
                cells.add(new Cell(verb, inflight, tls));
            }
        }
        return cells;
    }
}
