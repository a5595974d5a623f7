package io.keyhold.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** What was measured, a sample a cell and round, and what follows from it. */
final class Results {

    private final int cores;
    private final Map<Cell, List<Sample>> samples = new LinkedHashMap<>();

    Results(int cores) {
        this.cores = cores;
    }

    void add(Cell cell, Sample sample) {
        samples.computeIfAbsent(cell, c -> new ArrayList<>()).add(sample);
    }

    List<Cell> cells() {
        return List.copyOf(samples.keySet());
    }

    int rounds() {
        return samples.values().stream().mapToInt(List::size).max().orElse(0);
    }

    /** Medians over the rounds. */
    Sample of(Cell cell) {
        return new Sample(
                median(cell, Sample::rps),
                median(cell, Sample::p50),
                median(cell, Sample::p99),
                median(cell, Sample::serverCpu));
    }

    /** How far apart the rounds are: the range of their rates over the median. */
    double spread(Cell cell) {
        double[] rates = sorted(cell, Sample::rps);
        return (rates[rates.length - 1] - rates[0]) / of(cell).rps();
    }

    /** The echo on the same way with as many calls in flight. */
    Sample echo(Cell cell) {
        return of(new Cell(Verbs.ECHO, cell.inflight(), cell.way()));
    }

    /** The best that the token can do alone. */
    double token(String verb) {
        return Cell.TOKEN_THREADS.stream()
                .mapToDouble(threads -> of(Cell.token(verb, threads)).rps())
                .max()
                .orElseThrow();
    }

    /**
     * Of the calls per second that token and transport leave possible, the part that is reached. A
     * call costs what an echo costs, and a token operation on one of the cores.
     */
    double efficiency(Cell cell) {
        double tokenOnAllCores = cores * of(Cell.token(cell.verb(), 1)).rps();
        double possible =
                Math.min(token(cell.verb()), 1 / (1 / echo(cell).rps() + 1 / tokenOnAllCores));
        return of(cell).rps() / possible;
    }

    private double median(Cell cell, ToDoubleFunction<Sample> figure) {
        double[] sorted = sorted(cell, figure);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double[] sorted(Cell cell, ToDoubleFunction<Sample> figure) {
        List<Sample> rounds = Objects.requireNonNull(samples.get(cell), cell::toString);
        return rounds.stream().mapToDouble(figure).sorted().toArray();
    }
}
