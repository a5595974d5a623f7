package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of all families, kept by SoftHSM in this process. */
class SoftHsmFamiliesTest extends FamiliesContract {

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
}
