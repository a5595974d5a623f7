package io.keyhold.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that is measured.
 *
 * @param inflight calls in flight; threads, of the token program
 */
record Cell(String verb, int inflight, Way way) {

    static final List<Integer> TOKEN_THREADS = List.of(1, 2);

    /** The token program, in operations of this verb. */
    static Cell token(String verb, int threads) {
        String name = "token_" + threads + (threads == 1 ? "_thread" : "_threads");
        return new Cell(name + "_" + verb.toLowerCase(Locale.ROOT), threads, Way.NONE);
    }

    /** Appends to the disk of the audit journal. */
    static Cell disk() {
        return new Cell("write_fdatasync", 1, Way.NONE);
    }

    /** The verbs in the order of the table. */
    static List<Cell> served() {
        List<Cell> cells = new ArrayList<>();
        for (String verb : Verbs.SERVED) {
            cells.addAll(of(verb, Way.TLS));
            cells.addAll(of(verb, Way.UNIX));
        }
        cells.addAll(of(Verbs.ENCRYPT, Way.HTTP));
        return cells;
    }

    private static List<Cell> of(String verb, Way way) {
        return way.inflight().stream().map(inflight -> new Cell(verb, inflight, way)).toList();
    }

    boolean isServed() {
        return Verbs.SERVED.contains(verb);
    }

    String name() {
        return way == Way.HTTP ? "HTTP " + verb : verb;
    }

    boolean tls() {
        return way == Way.TLS;
    }
}
