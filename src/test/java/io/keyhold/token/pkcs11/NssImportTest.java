package io.keyhold.token.pkcs11;

import io.keyhold.key.WrappingAlgorithm;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The token alone unwraps, in NSS: it has OAEP with SHA-256, and takes secrets. */
class NssImportTest extends ImportContract {

    @TempDir private Path folder;
    private NssDatabase hsm;

    @Override
    TokenSettings settings() {
        if (hsm == null) {
            hsm = NssDatabase.in(folder);
        }
        return hsm.settings();
    }

    @Override
    boolean takesPairs() {
        return false;
    }

    @Override
    Set<WrappingAlgorithm> unwraps() {
        return EnumSet.allOf(WrappingAlgorithm.class);
    }
}
