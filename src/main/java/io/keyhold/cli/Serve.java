package io.keyhold.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.grpc.StatusRuntimeException;
import io.keyhold.Keyhold;
import io.keyhold.config.Config;
import io.keyhold.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code keyhold serve}: the daemon, in the foreground. */
@Command(
        name = "serve",
        description = "Runs the daemon in the foreground until SIGTERM.",
        mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

    private static final String ACT_AS =
            "\n          a call there may act as another: keyhold-act-as: <principal ARN>";

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");

    @Mixin private HomeOption home = new HomeOption();

    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description = "TCP port of gRPC in place of the configured one; 0 is any free one.")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--aws-port",
            paramLabel = "N",
            description =
                    "TCP port for AWS's clients in place of the configured one; 0 is any free one.")
    private @Nullable Integer awsPort;

    @Option(
            names = "--aws-env",
            paramLabel = "FILE",
            description =
                    "Once started, write a file for a shell to read: the endpoint for AWS's"
                            + " clients, and an access key of the user keyhold-administrator, who"
                            + " may do everything and is made if there is none. Another access"
                            + " key that this user has is deleted.")
    private @Nullable Path awsEnv;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        // grpc-java logs through java.util.logging.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        keepFramesOutOfTheLog();
        Config config = home.load();
        if (grpcPort != null) {
            config = config.withGrpcPort(port("--grpc-port", grpcPort));
        }
        if (awsPort != null) {
            config = config.withAwsPort(port("--aws-port", awsPort));
        }
        Keyhold daemon = new Keyhold(config);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    daemon.close();
                                    closed.countDown();
                                },
                                "shutdown"));
        if (awsEnv != null && !leave(awsEnv, config, daemon)) {
            awsEnv = null;
        }
        greet(spec.commandLine().getOut(), config, daemon);
        closed.await();
        return 0;
    }

    private int port(String option, int given) {
        if (given < 0 || given > ConfigLoader.LAST_PORT) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " is " + given + "; right would be 0 to " + ConfigLoader.LAST_PORT);
        }
        return given;
    }

    /** At DEBUG gRPC logs the bytes of each HTTP/2 frame, plaintexts among them. */
    private static void keepFramesOutOfTheLog() {
        if (LoggerFactory.getLogger("io.grpc.netty.NettyServerHandler") instanceof Logger frames) {
            frames.setLevel(Level.ERROR); // whatever the configuration of the log says
        }
    }

    private void greet(PrintWriter out, Config config, Keyhold daemon) {
        String home = quoted(config.home());
        String address = config.grpc().host() + ":" + daemon.grpcPort();
        out.print(
                """
                Keyhold is ready. Stop it with Ctrl-C or SIGTERM.

                  gRPC    %1$s   (TLS 1.3, client certificates)%8$s
                  socket  %2$s   (the operator: %3$s)%7$s
                  audit   %4$s/journal.jsonl

                Try, in another terminal:

                  scripts/keyhold call CreateKey '{"Description": "my first key"}' --home %5$s
                  scripts/keyhold call ListKeys --home %5$s
                  grpcurl -plaintext -unix %6$s list keyhold.v1.KeyManagement
                %9$s
                """
                        .formatted(
                                address,
                                daemon.socket(),
                                "root of account " + config.daemon().account(),
                                config.audit().directory(),
                                home,
                                quoted(daemon.socket()),
                                config.operator().actAs() ? ACT_AS : "",
                                aws(config, daemon),
                                awsEnv == null
                                        ? ""
                                        : "  . " + quoted(awsEnv) + " && aws kms list-keys\n"));
        out.flush();
    }

    /** Whether the file is there now; a daemon that serves does so without it, too. */
    private boolean leave(Path file, Config config, Keyhold daemon) throws InterruptedException {
        if (config.aws().isEmpty()) {
            return false;
        }
        try {
            new AwsEnvironment(new OperatorClient(home), file)
                    .write(
                            config.aws().get().localUrl(daemon.awsPort().orElseThrow()),
                            config.daemon().region(),
                            config.aws().get().tls()
                                    ? Optional.of(config.home().resolve("tls/ca.crt"))
                                    : Optional.empty());
            return true;
        } catch (IOException | StatusRuntimeException e) {
            spec.commandLine().getErr().println(file + " is not written: " + e.getMessage());
            return false;
        }
    }

    private String aws(Config config, Keyhold daemon) {
        if (config.aws().isEmpty()) {
            return "";
        }
        String signed =
                config.aws()
                                .get()
                                .insecureAccount()
                                .map(root -> "INSECURE: everybody is root of account " + root)
                                .orElse("signed with access keys")
                        + (awsEnv == null ? "" : "; " + awsEnv);
        return "\n  AWS     %s   (%s)".formatted(awsUrl(config, daemon), signed);
    }

    private static String awsUrl(Config config, Keyhold daemon) {
        return config.aws().orElseThrow().url(daemon.awsPort().orElseThrow());
    }

    /** As a shell takes it. */
    private static String quoted(Path path) {
        String text = path.toString();
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
