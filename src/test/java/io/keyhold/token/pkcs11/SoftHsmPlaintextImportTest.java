package io.keyhold.token.pkcs11;

import io.keyhold.key.WrappingAlgorithm;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The daemon helps, as the configuration allows it, in SoftHSM. */
class SoftHsmPlaintextImportTest extends ImportContract {

    @TempDir private Path folder;
    private SoftHsm hsm;

    @BeforeEach
    @Override
    void open() {
        if (hsm == null) {
            hsm = SoftHsm.in(folder);
        }
        super.open();
    }

    @Override
    TokenSettings settings() {
        return hsm.settingsForPlaintext();
    }

    @Override
    Set<WrappingAlgorithm> unwraps() {
        return EnumSet.allOf(WrappingAlgorithm.class);
    }
}
