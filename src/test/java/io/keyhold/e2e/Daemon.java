package io.keyhold.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code java -jar target/keyhold.jar serve} as a process of its own. */
final class Daemon implements AutoCloseable {

    /** Exit code of a JVM that SIGTERM ended. */
    static final int TERMINATED = 143;

    /** Exit code of a daemon that wants to be started again. */
    static final int RESTART_ME = 75;

    /** Exit code of a process that SIGKILL ended. */
    static final int KILLED = 137;

    /**
     * JVM options that save most of a start: for a second of life it is not worth to compile well,
     * and a daemon that ends well leaves its loaded classes for the next ones.
     */
    static final String[] FAST_START = {
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xlog:disable", // it has much to say about that archive
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + Commands.REPOSITORY.resolve("target/e2e.jsa")
    };

    /** The usual umask: what the daemon makes must be closed all the same. */
    private static final List<String> OPEN_UMASK =
            List.of("sh", "-c", "umask 022 && exec \"$0\" \"$@\"");

    private static final Pattern PORT = Pattern.compile("gRPC +\\S+:([0-9]+) ");
    private static final Pattern AWS = Pattern.compile("AWS +(https?://\\S+) ");
    private static final long PATIENCE_SECONDS = 60;

    private final Home home;
    private final Process process;
    private final Path log;
    private final StringBuffer out = new StringBuffer();
    private final CompletableFuture<Integer> ready = new CompletableFuture<>();
    private final CompletableFuture<URI> aws = new CompletableFuture<>();

    private Daemon(Home home, Process process, Path log) {
        this.home = home;
        this.process = process;
        this.log = log;
        Thread.ofVirtual().start(this::readOut);
    }

    /** {@link #FAST_START} and more options. */
    static String[] fastStart(String... more) {
        return Stream.concat(Stream.of(FAST_START), Stream.of(more)).toArray(String[]::new);
    }

    /** Starts one and waits until it says that it is ready. */
    static Daemon start(Home home, String... jvmOptions) {
        Daemon daemon = launch(home, jvmOptions);
        daemon.awaitReady();
        return daemon;
    }

    /** Likewise, with an option of {@code serve}. */
    static Daemon startWith(Home home, List<String> option) {
        Daemon daemon = launch(home, Map.of(), option, FAST_START);
        daemon.awaitReady();
        return daemon;
    }

    /** Likewise, on a machine of its own. */
    static Daemon start(Home home, Machine machine, String... jvmOptions) {
        Daemon daemon = launch(home, machine.environment(home), List.of(), jvmOptions);
        daemon.awaitReady();
        return daemon;
    }

    /** Starts one, without waiting. */
    static Daemon launch(Home home, String... jvmOptions) {
        return launch(home, Map.of(), List.of(), jvmOptions);
    }

    /** Starts one that kills itself at a point, which a call comes by. */
    static void crash(
            Home home, String point, Function<Daemon, Client> connect, Consumer<Client> call) {
        try (Daemon daemon = launch(home, fastStart("-Dkeyhold.crashpoint=" + point));
                Client client = connect.apply(daemon)) {
            StatusRuntimeException broken =
                    catchThrowableOfType(StatusRuntimeException.class, () -> call.accept(client));
            assertThat(broken.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(daemon.awaitExit()).isEqualTo(KILLED);
            assertThat(daemon.log()).contains("THIS DAEMON WILL KILL ITSELF at " + point);
        }
    }

    private static Daemon launch(
            Home home,
            Map<String, String> environment,
            List<String> options,
            String... jvmOptions) {
        List<String> command = new ArrayList<>(OPEN_UMASK);
        command.add(Commands.JAVA);
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-jar", Commands.JAR.toString(), "serve"));
        command.addAll(List.of("--grpc-port", "0", "--aws-port", "0"));
        command.addAll(List.of("--home", home.folder().toString()));
        command.addAll(options);
        try {
            Path log = Files.createTempFile(home.scratch(""), "daemon", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(Commands.devNull())
                            .redirectError(log.toFile());
            builder.environment().putAll(environment);
            return new Daemon(home, builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readOut() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.append(line).append('\n');
                Matcher port = PORT.matcher(line);
                if (port.find()) {
                    ready.complete(Integer.parseInt(port.group(1)));
                }
                Matcher url = AWS.matcher(line);
                if (url.find()) {
                    aws.complete(URI.create(url.group(1)));
                }
            }
            ready.completeExceptionally(new IllegalStateException("it ended: " + out + log()));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Where AWS's clients find it. */
    URI awsEndpoint() {
        return await(aws);
    }

    void awaitReady() {
        port();
    }

    /** The TCP port of gRPC. */
    int port() {
        return await(ready);
    }

    private <T> T await(Future<T> printed) {
        try {
            return printed.get(PATIENCE_SECONDS, SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("the daemon is not ready: " + log(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    Home home() {
        return home;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** What it has written to standard output. */
    String out() {
        return out.toString();
    }

    /** What it has written to standard error: its log. */
    String log() {
        return Commands.text(log);
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGTERM, without waiting for the end. */
    void signalTermination() {
        process.destroy();
    }

    /** SIGTERM; its exit code. */
    int terminate() {
        signalTermination();
        return awaitExit();
    }

    /** Waits for its end; its exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the daemon does not end: " + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
