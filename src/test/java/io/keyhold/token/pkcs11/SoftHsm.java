package io.keyhold.token.pkcs11;

import io.keyhold.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A folder with a SoftHSM token of its own and everything that Keyhold needs to open it. SoftHSM
 * holds one configuration in a process at a time, so only one key store may be open at once.
 */
public final class SoftHsm {

    /** What it cannot do, in the probe's words. */
    static final Set<String> LACKS =
            Set.of(
                    "AES-KWP unwrap (0x210b)",
                    "RSA-OAEP decrypt, SHA-256",
                    "RSA-OAEP unwrap, SHA-256");

    static final String LABEL = "keyhold-test";
    static final String PIN = "1234-user";
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final String SO_PIN = "1234-officer";
    private static final Path CONFIGURATION = Path.of("hsm-config", "softhsm.cfg").toAbsolutePath();

    private final Path folder;

    private SoftHsm(Path folder) {
        this.folder = folder;
    }

    /** Makes a token in a folder. */
    public static SoftHsm in(Path folder) {
        SoftHsm made = new SoftHsm(folder);
        try {
            Files.createDirectories(made.tokens());
            Files.writeString(
                    made.softhsmConf(),
                    "directories.tokendir = %s%nobjectstore.backend = file%nlog.level = ERROR%n"
                            .formatted(made.tokens()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        made.writePin(PIN);
        made.addToken(LABEL);
        return made;
    }

    /** Makes one more token beside the first. */
    void addToken(String label) {
        Command.of(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        label,
                        "--so-pin",
                        SO_PIN,
                        "--pin",
                        PIN)
                .with(environment())
                .run();
    }

    /** The folder that SoftHSM keeps its tokens in: moved away, they are lost. */
    public Path tokens() {
        return folder.resolve("tokens");
    }

    Path pinFile() {
        return folder.resolve("pin");
    }

    Path marker() {
        return folder.resolve("pin-refused");
    }

    /** Writes the PIN file; the token does not hear of it. */
    void writePin(String pin) {
        try {
            Files.writeString(pinFile(), pin + "\n");
            Files.setPosixFilePermissions(pinFile(), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the token's user PIN; the PIN file does not hear of it. */
    void changePin(String from, String to) {
        tool("--login", "--pin", from, "--change-pin", "--new-pin", to);
    }

    /** Runs pkcs11-tool on the token, in a process of its own. */
    public String tool(String... arguments) {
        Object[] line = new Object[5 + arguments.length];
        line[0] = "pkcs11-tool";
        line[1] = "--module";
        line[2] = library();
        line[3] = "--token-label";
        line[4] = LABEL;
        System.arraycopy(arguments, 0, line, 5, arguments.length);
        return Command.of(line).with(environment()).run();
    }

    /** Runs pkcs11-tool on the token as its user. */
    public String toolAsUser(String... arguments) {
        String[] line = new String[3 + arguments.length];
        line[0] = "--login";
        line[1] = "--pin";
        line[2] = PIN;
        System.arraycopy(arguments, 0, line, 3, arguments.length);
        return tool(line);
    }

    /** SoftHSM's own library. */
    static Path library() {
        return configuration().library();
    }

    static LibraryConfiguration configuration() {
        return LibraryConfiguration.read(CONFIGURATION);
    }

    /** As scripts/run configures it: in this process. */
    public TokenSettings settings() {
        return settings(true, 4, TIMEOUT);
    }

    TokenSettings settings(boolean inProcess, int lanes, Duration timeout) {
        return settings(CONFIGURATION, marker(), environment(), inProcess, lanes, timeout);
    }

    /** The same token through the shim, as one across a network. */
    public TokenSettings behind(Shim shim, int lanes, Duration timeout) {
        return behind(shim, false, lanes, timeout);
    }

    TokenSettings behind(Shim shim, boolean inProcess, int lanes, Duration timeout) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(shim.environment());
        return settings(shim.configuration(), marker(), environment, inProcess, lanes, timeout);
    }

    /** The same, remembering a refused PIN elsewhere. */
    TokenSettings behind(Shim shim, Path marker) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(shim.environment());
        return settings(shim.configuration(), marker, environment, false, 4, TIMEOUT);
    }

    private TokenSettings settings(
            Path configuration,
            Path marker,
            Map<String, String> environment,
            boolean inProcess,
            int lanes,
            Duration timeout) {
        return new TokenSettings(
                configuration,
                LABEL,
                Optional.empty(),
                pinFile(),
                marker,
                inProcess,
                lanes,
                timeout,
                false,
                environment);
    }

    /** Likewise, where the daemon may see what it imports. */
    public TokenSettings settingsForPlaintext() {
        TokenSettings sealed = settings();
        return new TokenSettings(
                sealed.libraryConfiguration(),
                sealed.label(),
                sealed.serial(),
                sealed.pinFile(),
                sealed.refusedPinMarker(),
                sealed.inProcess(),
                sealed.lanes(),
                sealed.timeout(),
                true,
                sealed.environment());
    }

    private Path softhsmConf() {
        return folder.resolve("softhsm2.conf");
    }

    private Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", softhsmConf().toString());
    }
}
