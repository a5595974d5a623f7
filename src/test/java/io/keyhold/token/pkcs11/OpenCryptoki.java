package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The software token of openCryptoki. A machine has one, and one daemon for it: whoever uses it has
 * it alone, and the daemon ends with whoever started it. A token that is somebody's is left alone.
 */
public final class OpenCryptoki {

    /** What it cannot do, in the probe's words. Without AES-GCM no unwrapped key can be tried. */
    static final Set<String> LACKS =
            Set.of(
                    "AES-256-GCM with AAD",
                    "HMAC-SHA-224",
                    "AES-KWP unwrap (0x210a)",
                    "AES-KWP unwrap (0x210b)",
                    "RSA-OAEP unwrap, SHA-1",
                    "RSA-OAEP unwrap, SHA-256",
                    "ECDSA secp256r1",
                    "ECDSA secp384r1",
                    "ECDSA secp521r1",
                    "ECDSA secp256k1",
                    "Ed25519",
                    "ECDH secp256r1",
                    "ECDH secp384r1",
                    "ECDH secp521r1");

    private static final Path CONFIGURATION =
            Path.of("hsm-config", "opencryptoki.cfg").toAbsolutePath();
    private static final String DAEMON = "/usr/sbin/pkcsslotd";
    private static final Path DAEMON_ID = Path.of("/run/pkcsslotd.pid");
    private static final Path DAEMON_SOCKET = Path.of("/run/pkcsslotd.socket");
    private static final Duration START = Duration.ofSeconds(20);

    private static final Pattern SOFTWARE_TOKEN =
            Pattern.compile("\\((0x[0-9a-f]+)\\)[^(]*token label +: ([^\n]*)\n[^(]*IBM SoftTok");

    private static final String FRESH = "IBM OS PKCS#11";

    /** As it comes: openCryptoki 3.8.1 locks the officer out who changes it and begins anew. */
    private static final String OFFICER = "87654321";

    private static final String FIRST_PIN = "12345678";
    private static final String PIN = "user-8-c";

    private static OpenCryptoki only;

    /** Other processes wait for the token, from its first use here until it is released. */
    private static FileLock lock;

    private static Process daemon;

    private final Path folder;

    private OpenCryptoki(Path folder) {
        this.folder = folder;
    }

    /** The token, begun anew in this process. */
    public static synchronized OpenCryptoki started() {
        try {
            if (only == null) {
                lock = lock == null ? lock() : lock;
                only = start();
            }
            return only;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Another process may have the token. */
    static synchronized void release() {
        only = null;
        try {
            if (daemon != null) {
                daemon.destroy();
                daemon.waitFor();
                daemon = null;
            }
            if (lock != null) {
                lock.channel().close();
                lock = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The token, empty. */
    static OpenCryptoki emptied() {
        OpenCryptoki token = started();
        try (OpenToken open = OpenToken.open(token.settings());
                TokenProbe probe = open.probe()) {
            probe.destroyAll();
        }
        return token;
    }

    public TokenSettings settings() {
        return new TokenSettings(
                CONFIGURATION,
                SoftHsm.LABEL,
                Optional.empty(),
                folder.resolve("pin"),
                folder.resolve("pin-refused"),
                true,
                4,
                SoftHsm.TIMEOUT,
                false,
                Map.of());
    }

    private static FileLock lock() throws IOException {
        return FileChannel.open(
                        Path.of(System.getProperty("java.io.tmpdir"), "keyhold-opencryptoki.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)
                .lock();
    }

    private static OpenCryptoki start() throws IOException, InterruptedException {
        if (!daemonRuns()) {
            if (!System.getProperty("user.name").equals("root")) {
                leave("only root can start " + DAEMON);
            }
            startDaemon();
        }
        initialize();
        Path folder = Files.createTempDirectory("keyhold-opencryptoki");
        Path pin = folder.resolve("pin");
        Files.writeString(pin, PIN + "\n");
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
        folder.toFile().deleteOnExit();
        pin.toFile().deleteOnExit();
        return new OpenCryptoki(folder);
    }

    private static boolean daemonRuns() throws IOException {
        String id = Files.exists(DAEMON_ID) ? Files.readString(DAEMON_ID).strip() : "";
        return Files.exists(DAEMON_SOCKET)
                && id.matches("[0-9]+") // it is there before it is written
                && ProcessHandle.of(Long.parseLong(id))
                        .flatMap(process -> process.info().command())
                        .filter(DAEMON::equals)
                        .isPresent();
    }

    private static void startDaemon() throws IOException, InterruptedException {
        daemon =
                new ProcessBuilder(DAEMON, "-f")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(OpenCryptoki::release));
        Instant late = Instant.now().plus(START);
        while (!daemonRuns()) {
            assertThat(daemon.isAlive()).as("%s lives", DAEMON).isTrue();
            assertThat(Instant.now()).as("%s is ready", DAEMON).isBefore(late);
            daemon.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    /** What the officer gives is changed by the user before it counts. */
    private static void initialize() {
        Matcher token = SOFTWARE_TOKEN.matcher(tool("--list-token-slots"));
        assertThat(token.find()).as("a software token is there").isTrue();
        String slot = token.group(1);
        String label = token.group(2).strip();
        if (!label.equals(FRESH) && !label.equals(SoftHsm.LABEL)) {
            leave("the software token '" + label + "' is somebody's");
        }
        tool("--slot", slot, "--init-token", "--label", SoftHsm.LABEL, "--so-pin", OFFICER);
        List<String> officer = List.of("--login", "--login-type", "so", "--so-pin", OFFICER);
        tool(with(officer, "--slot", slot, "--init-pin", "--new-pin", FIRST_PIN));
        List<String> user = List.of("--login", "--pin", FIRST_PIN);
        tool(with(user, "--slot", slot, "--change-pin", "--new-pin", PIN));
    }

    private static String[] with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private static String tool(String... what) {
        Path library = LibraryConfiguration.read(CONFIGURATION).library();
        List<String> line = List.of("pkcs11-tool", "--module", library.toString());
        return Command.of((Object[]) with(line, what)).run();
    }

    /** Whoever runs this is told, and nothing of it is tried. */
    private static void leave(String why) {
        System.out.println("    openCryptoki | every case | " + why);
        Assumptions.abort(why);
    }
}
