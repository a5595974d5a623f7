package io.keyhold.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The load client: measures and reports. {@code scripts/bench} starts it and the servers. */
@Command(name = "bench")
public final class Bench implements Callable<Integer> {

    @Option(names = "--home", required = true)
    private Path home = Path.of("");

    @Option(names = "--daemon-pid", required = true)
    private long daemonPid;

    @Option(names = "--daemon-port", required = true)
    private int daemonPort;

    @Option(names = "--echo-pid", required = true)
    private long echoPid;

    @Option(names = "--echo-port", required = true)
    private int echoPort;

    @Option(names = "--echo-socket", required = true)
    private Path echoSocket = Path.of("");

    @Option(names = "--echo-http-port", required = true)
    private int echoHttpPort;

    @Option(names = "--aws-environment", required = true)
    private Path awsEnvironment = Path.of("");

    @Option(names = "--token-program", required = true)
    private Path tokenProgram = Path.of("");

    @Option(names = "--rounds", required = true)
    private int rounds;

    @Option(names = "--seconds", required = true, description = "a cell and round")
    private double seconds;

    @Option(names = "--warm-up-seconds", required = true, description = "a cell")
    private double warmUpSeconds;

    @Option(names = "--most-seconds", description = "fewer rounds if they would take longer")
    private double mostSeconds = Double.MAX_VALUE;

    @Option(names = "--json")
    private @Nullable Path json;

    private final long start = System.nanoTime();

    private Bench() {}

    /** Measures once. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        AwsEnvironment aws = AwsEnvironment.read(awsEnvironment);
        try (Client client = new Client()) {
            Path tls = home.resolve("tls");
            Target daemon =
                    new Target(
                            process(daemonPid),
                            client.tls(daemonPort, tls),
                            client.unix(home.resolve("keyhold.sock")),
                            client.http(aws.endpoint().getPort()));
            Target echo =
                    new Target(
                            process(echoPid),
                            client.tls(echoPort, tls),
                            client.unix(echoSocket),
                            client.http(echoHttpPort));
            Verbs verbs = new Verbs(daemon.tls());
            try (TokenProgram token = new TokenProgram(tokenProgram, home, verbs.keyLabel())) {
                List<Subject> subjects = Subject.all(verbs, daemon, echo, aws);
                Disk disk = new Disk(home.resolve("audit"));
                Rounds measurement = new Rounds(client.loop(), subjects, token, disk);
                note("warming up");
                measurement.warmUp(duration(warmUpSeconds), mostSeconds / 3);
                Machine machine =
                        new Machine(
                                List.of(
                                        ProcessHandle.current(),
                                        daemon.process(),
                                        echo.process(),
                                        token.process()));
                Results results = measure(measurement);
                report(new Report(results, machine.othersPart()));
            }
        }
        return 0;
    }

    private Results measure(Rounds measurement) throws IOException, InterruptedException {
        Results results = new Results(Machine.cores());
        double longest = 0;
        for (int round = 1; round <= rounds && elapsed() + longest < mostSeconds; round++) {
            note("round " + round + " of " + rounds);
            double before = elapsed();
            measurement.round(results, duration(seconds));
            longest = Math.max(longest, elapsed() - before);
        }
        return results;
    }

    private double elapsed() {
        return (System.nanoTime() - start) / 1e9;
    }

    private void report(Report report) throws IOException {
        System.out.print(report.table());
        if (json != null) {
            Files.writeString(json, report.json());
        }
    }

    private static ProcessHandle process(long pid) {
        return ProcessHandle.of(pid).orElseThrow();
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static void note(String what) {
        System.err.println("bench: " + what);
    }
}
