package io.keyhold.e2e;

import io.keyhold.e2e.Commands.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code buf curl}, which knows no more of the service than reflection tells it. */
final class Buf {

    private static final String PACKAGE = "@bufbuild/buf@1.75.0";
    private static final Path FOLDER = Commands.REPOSITORY.resolve("target/buf");
    private static final Path BINARY = FOLDER.resolve("node_modules/.bin/buf");

    private final Daemon daemon;
    private final Listener listener;

    Buf(Daemon daemon, Listener listener) {
        install();
        this.daemon = daemon;
        this.listener = listener;
    }

    private static synchronized void install() {
        if (!Files.exists(BINARY)) {
            Commands.must(
                    "npm",
                    "install",
                    "--prefix",
                    FOLDER.toString(),
                    "--no-audit",
                    "--no-fund",
                    "--no-save",
                    PACKAGE);
        }
    }

    /** Calls a method by its full name. */
    Outcome call(String method, String json) {
        return curl("-d", json, address() + "/" + method);
    }

    /** The methods that reflection knows. */
    Outcome listMethods() {
        return curl("--list-methods", address());
    }

    /** Runs a line of a shell that calls buf through npx, as a person would. */
    static Outcome shell(String line) {
        install();
        return Commands.run(
                Map.of("BUF_CACHE_DIR", FOLDER.resolve("cache").toString()),
                "bash",
                "-c",
                line.replace("npx -y @bufbuild/buf", BINARY.toString()));
    }

    private Outcome curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(BINARY.toString(), "curl"));
        command.addAll(List.of("--protocol", "grpc"));
        if (listener == Listener.UNIX) {
            command.addAll(List.of("--http2-prior-knowledge", "--unix-socket"));
            command.add(daemon.home().socket().toString());
        } else {
            command.addAll(List.of("--cacert", daemon.home().path("tls/ca.crt").toString()));
            command.addAll(List.of("--cert", daemon.home().path("tls/client.crt").toString()));
            command.addAll(List.of("--key", daemon.home().path("tls/client.key").toString()));
        }
        command.addAll(List.of(arguments));
        return Commands.run(
                Map.of("BUF_CACHE_DIR", FOLDER.resolve("cache").toString()),
                command.toArray(String[]::new));
    }

    private String address() {
        return listener == Listener.UNIX
                ? "http://localhost"
                : "https://127.0.0.1:" + daemon.port();
    }
}
