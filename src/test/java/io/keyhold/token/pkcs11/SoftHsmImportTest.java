package io.keyhold.token.pkcs11;

import io.keyhold.key.WrappingAlgorithm;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The token alone unwraps, in SoftHSM. */
class SoftHsmImportTest extends ImportContract {

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
        return hsm.settings();
    }

    @Override
    Set<WrappingAlgorithm> unwraps() {
        return EnumSet.of(
                WrappingAlgorithm.RSAES_OAEP_SHA_1, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1);
    }
}
