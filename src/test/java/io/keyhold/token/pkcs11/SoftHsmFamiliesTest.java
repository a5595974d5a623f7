package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The contract of all families, kept by SoftHSM in this process. */
class SoftHsmFamiliesTest extends FamiliesContract {

    @TempDir private Path folder;
    private SoftHsm hsm;

    @Override
    TokenSettings settings() {
        if (hsm == null) {
            hsm = SoftHsm.in(folder);
        }
        return hsm.settings();
    }

    @Override
    Set<String> lacks() {
        return SoftHsm.LACKS;
    }
}
