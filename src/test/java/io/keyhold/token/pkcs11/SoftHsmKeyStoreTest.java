package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by SoftHSM in this process. */
class SoftHsmKeyStoreTest extends KeyStoreContract {

    @TempDir private static Path folder;
    private static SoftHsm hsm;

    @BeforeAll
    static void make() {
        hsm = SoftHsm.in(folder);
    }

    @Override
    TokenSettings settings() {
        return hsm.settings();
    }
}
