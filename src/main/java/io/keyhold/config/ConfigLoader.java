package io.keyhold.config;

import io.keyhold.config.Config.Audit;
import io.keyhold.config.Config.Aws;
import io.keyhold.config.Config.ClientCa;
import io.keyhold.config.Config.Daemon;
import io.keyhold.config.Config.Grpc;
import io.keyhold.config.Config.Imports;
import io.keyhold.config.Config.Operator;
import io.keyhold.config.Config.Store;
import io.keyhold.config.Config.Token;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads keyhold.toml. */
public final class ConfigLoader {

    public static final int LAST_PORT = 65535;

    static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern PARTITION = Pattern.compile("aws[a-z-]*");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-[0-9]+");
    private static final Pattern LISTEN = Pattern.compile("(\\[[0-9a-f:]+\\]|[^:]+):([0-9]{1,5})");
    private static final Pattern LOOPBACK =
            Pattern.compile("(127\\.0\\.0\\.1|\\[::1\\]|localhost):([0-9]{1,5})");
    static final Pattern SERVICE = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");
    private static final String SIGNED = "sigv4";
    private static final Pattern AUTH = Pattern.compile(SIGNED + "|insecure-any");
    private static final Pattern LABEL = Pattern.compile(".{1,32}");
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private ConfigLoader() {}

    /**
     * Reads a configuration.
     *
     * @throws ConfigException naming file, line, what is wrong and what would be right
     */
    public static Config load(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        TomlParseResult parsed = parse(absolute);
        try (Section root = new Section(absolute, "", parsed, null)) {
            Daemon daemon = daemon(root);
            Optional<Aws> aws = aws(root);
            Grpc grpc = grpc(root, daemon.partition());
            return new Config(
                    absolute.resolveSibling(""),
                    daemon,
                    operator(root),
                    grpc,
                    aws,
                    new ServiceSections(Config.accounts(daemon, grpc, aws)).read(root),
                    store(root),
                    audit(root),
                    imports(root),
                    token(root, absolute));
        }
    }

    private static TomlParseResult parse(Path file) {
        TomlParseResult parsed;
        try {
            parsed = Toml.parse(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + " does not exist");
        } catch (CharacterCodingException e) {
            throw new ConfigException(file + " is not UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e.getMessage());
        }
        if (parsed.hasErrors()) {
            TomlParseError first = parsed.errors().getFirst();
            throw new ConfigException(
                    file + ":" + first.position().line() + ": " + first.getMessage());
        }
        return parsed;
    }

    private static Daemon daemon(Section root) {
        try (Section daemon = root.section("daemon")) {
            return new Daemon(
                    daemon.text("partition", PARTITION, "aws"),
                    daemon.text("account", ACCOUNT, "123456789012"),
                    daemon.text("region", REGION, "us-east-1"));
        }
    }

    private static Operator operator(Section root) {
        try (Section operator = root.section("operator")) {
            return new Operator(operator.truth("act_as", false));
        }
    }

    private static Grpc grpc(Section root, String partition) {
        try (Section grpc = root.section("grpc")) {
            String listen = grpc.text("listen", LISTEN, "127.0.0.1:7443");
            Matcher parts = LISTEN.matcher(listen);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
                throw grpc.wrong("listen", "is " + listen, "host:port with a port to 65535");
            }
            return new Grpc(
                    parts.group(1),
                    Integer.parseInt(parts.group(2)),
                    grpc.truth("reflection", false),
                    grpc.path("certificate", "tls/server.crt"),
                    grpc.path("private_key", "tls/server.key"),
                    grpc.number("event_loops", CORES, 1, 256),
                    clientCas(grpc, partition));
        }
    }

    private static Optional<Aws> aws(Section root) {
        try (Section aws = root.section("aws")) {
            Optional<String> listen = aws.optionalText("listen");
            boolean tls = aws.truth("tls", false);
            String auth = aws.text("auth", AUTH, SIGNED);
            Optional<String> account = insecureAccount(aws, auth);
            if (listen.isEmpty()) {
                if (aws.isThere()) {
                    throw aws.wrong("listen", "is missing", "such as \"127.0.0.1:7480\"");
                }
                return Optional.empty();
            }
            // In the clear, or for everybody, is for this machine only.
            boolean anywhere = tls && auth.equals(SIGNED);
            Matcher parts = (anywhere ? LISTEN : LOOPBACK).matcher(listen.get());
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > LAST_PORT) {
                throw aws.wrong(
                        "listen",
                        "is " + listen.get(),
                        anywhere
                                ? "host:port with a port to 65535"
                                : "127.0.0.1:port, [::1]:port or localhost:port with a port to"
                                        + " 65535; any address"
                                        + " with tls = true and auth = \"sigv4\"");
            }
            return Optional.of(
                    new Aws(parts.group(1), Integer.parseInt(parts.group(2)), tls, account));
        }
    }

    private static Optional<String> insecureAccount(Section aws, String auth) {
        if (auth.equals(SIGNED)) {
            if (aws.optionalText("insecure_account").isPresent()) {
                throw aws.wrong(
                        "insecure_account", "is there", "none without auth = \"insecure-any\"");
            }
            return Optional.empty();
        }
        return Optional.of(aws.text("insecure_account", ACCOUNT, null));
    }

    private static List<ClientCa> clientCas(Section grpc, String partition) {
        List<ClientCa> authorities = new ArrayList<>();
        for (Section section : grpc.sections("client_ca")) {
            try (Section ca = section) {
                authorities.add(clientCa(ca, partition));
            }
        }
        if (authorities.isEmpty()) {
            throw grpc.wrong("client_ca", "is missing", "at least one [[grpc.client_ca]]");
        }
        return authorities;
    }

    /** An authority that names services only needs no account. */
    private static ClientCa clientCa(Section ca, String partition) {
        List<String> services = ca.optionalTexts("services", SERVICE);
        List<String> accounts =
                services.isEmpty()
                        ? ca.texts("accounts", ACCOUNT)
                        : ca.optionalTexts("accounts", ACCOUNT);
        return new ClientCa(
                ca.path("certificate", null),
                ca.optionalPath("crl"),
                accounts,
                ca.truth("allow_root", false),
                services,
                new Mappings(partition, accounts, services).read(ca));
    }

    private static Store store(Section root) {
        try (Section store = root.section("store")) {
            return new Store(store.path("file", "keyhold.db"));
        }
    }

    private static Audit audit(Section root) {
        try (Section audit = root.section("audit")) {
            return new Audit(audit.path("directory", "audit"));
        }
    }

    private static Imports imports(Section root) {
        try (Section imports = root.section("import")) {
            return new Imports(imports.truth("allow_plaintext_in_daemon", false));
        }
    }

    private static Token token(Section root, Path file) {
        List<Section> sections = root.sections("token");
        if (sections.size() != 1) {
            throw root.wrong("token", "is there " + sections.size() + " times", "one [[token]]");
        }
        try (Section token = sections.getFirst()) {
            return new Token(
                    token.path("library", null),
                    token.text("label", LABEL, null),
                    token.optionalText("serial"),
                    token.path("pin_file", "pin"),
                    token.truth("in_process", false),
                    token.number("lanes", 2 * CORES + 4, 2, 1024),
                    Duration.ofSeconds(token.number("timeout_seconds", 10, 1, 300)),
                    environment(token.map("environment"), file));
        }
    }

    /** A value that names a file beside the configuration is that file's absolute path. */
    private static Map<String, String> environment(Map<String, String> values, Path file) {
        Map<String, String> resolved = new TreeMap<>();
        values.forEach(
                (name, value) -> {
                    Path beside = file.resolveSibling(value).normalize();
                    boolean names = !value.isEmpty() && beside.toFile().exists();
                    resolved.put(name, names ? beside.toString() : value);
                });
        return resolved;
    }
}
