package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A folder with a database of NSS, and everything that Keyhold needs to open it. */
public final class NssDatabase {

    /** What it cannot do, in the probe's words. */
    static final Set<String> LACKS =
            Set.of("AES-KWP unwrap (0x210a)", "ECDSA secp256k1", "Ed25519");

    private static final Path CONFIGURATION = Path.of("hsm-config", "nss.cfg");
    private static final String PLACE = "/var/lib/keyhold/nss";

    private final Path folder;

    private NssDatabase(Path folder) {
        this.folder = folder;
    }

    /** Makes one in a folder. */
    public static NssDatabase in(Path folder) {
        NssDatabase made = new NssDatabase(folder);
        try {
            Path database = Files.createDirectories(folder.resolve("nss"));
            String configuration = Files.readString(CONFIGURATION);
            assertThat(configuration).contains(PLACE);
            Files.writeString(made.file(), configuration.replace(PLACE, database.toString()));
            Files.writeString(made.pin(), "1234-user\n");
            Files.setPosixFilePermissions(made.pin(), PosixFilePermissions.fromString("rw-------"));
            Command.of("certutil", "-N", "-d", "sql:" + database, "-f", made.pin()).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made;
    }

    public TokenSettings settings() {
        return new TokenSettings(
                file(),
                "keyhold",
                Optional.empty(),
                pin(),
                folder.resolve("pin-refused"),
                true,
                4,
                SoftHsm.TIMEOUT,
                false,
                Map.of());
    }

    private Path file() {
        return folder.resolve("nss.cfg");
    }

    private Path pin() {
        return folder.resolve("pin");
    }
}
