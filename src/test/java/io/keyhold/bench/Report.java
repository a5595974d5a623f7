package io.keyhold.bench;

import java.util.Locale;
import java.util.stream.Collectors;

/** The results as text for people and as JSON for programs. */
final class Report {

    private final Results results;
    private final double othersPart;

    /**
     * @param othersPart how much of the machine something else used
     */
    Report(Results results, double othersPart) {
        this.results = results;
        this.othersPart = othersPart;
    }

    String table() {
        StringBuilder out = new StringBuilder();
        line(out, "medians of %d rounds", results.rounds());
        line(out, "others used %.0f%% of the machine's CPU meanwhile", 100 * othersPart);
        Sample disk = results.of(Cell.disk());
        line(
                out,
                "audit folder: 1 KiB write + fdatasync %.3f ms at p50, %.3f ms at p99",
                disk.p50(),
                disk.p99());
        for (String verb : Verbs.SERVED) {
            line(out, "%s", token(verb));
        }
        line(out, "");
        line(
                out,
                "%-15s %-4s %8s %8s %8s %8s %9s %9s %10s %7s %7s %10s",
                "verb",
                "tls",
                "inflight",
                "rps",
                "p50 ms",
                "p99 ms",
                "echo rps",
                "of echo",
                "efficiency",
                "spread",
                "cpu us",
                "echo cpu us");
        Cell.served().forEach(cell -> line(out, "%s", row(cell)));
        line(out, "");
        line(out, "efficiency: rps / min(token, 1 / (1/echo + 1/(cores * token with 1 thread)))");
        line(out, "spread: range of the rounds' rps / their median; cpu us: the server's, a call");
        line(
                out,
                "data keys and random bytes have 32 bytes; the echo is as long as Encrypt's request");
        line(
                out,
                "HTTP: a connection for each call in flight, signatures of AWS, an echo over HTTP");
        line(out, "every reply waits for a write + fdatasync, which calls in flight share");
        return out.toString();
    }

    private String token(String verb) {
        return Cell.TOKEN_THREADS.stream()
                .map(
                        threads ->
                                format(
                                        "%d thread%s %.0f/s",
                                        threads,
                                        threads == 1 ? "" : "s",
                                        results.of(Cell.token(verb, threads)).rps()))
                .collect(Collectors.joining(", ", "token (C program), " + verb + ": ", ""));
    }

    private String row(Cell cell) {
        Sample sample = results.of(cell);
        Sample echo = results.echo(cell);
        return format(
                "%-15s %-4s %8d %8.0f %8.3f %8.3f %9.0f %9.2f %10.2f %6.0f%% %7.0f %10.0f",
                cell.name(),
                cell.tls() ? "on" : "off",
                cell.inflight(),
                sample.rps(),
                sample.p50(),
                sample.p99(),
                echo.rps(),
                sample.rps() / echo.rps(),
                results.efficiency(cell),
                100 * results.spread(cell),
                sample.serverCpu(),
                echo.serverCpu());
    }

    String json() {
        return results.cells().stream()
                .map(this::json)
                .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    private String json(Cell cell) {
        Sample sample = results.of(cell);
        return format(
                "{\"verb\": \"%s\", \"inflight\": %d, \"tls\": %s, \"rps\": %s, \"p50_ms\": %s,"
                        + " \"p99_ms\": %s, \"efficiency\": %s}",
                cell.name(),
                cell.inflight(),
                cell.tls(),
                number(sample.rps()),
                number(sample.p50()),
                number(sample.p99()),
                number(cell.isServed() ? results.efficiency(cell) : Double.NaN));
    }

    private static String number(double value) {
        return Double.isFinite(value) ? format("%.4f", value) : "null";
    }

    private static void line(StringBuilder out, String format, Object... values) {
        out.append(format(format, values)).append('\n');
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
