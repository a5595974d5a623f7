package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by a token that counts as one across a network, on lane threads. */
class LaneThreadsKeyStoreTest extends KeyStoreContract {

    @TempDir private static Path folder;
    private static SoftHsm hsm;
    private static Shim shim;

    @BeforeAll
    static void make() {
        hsm = SoftHsm.in(folder);
        shim = Shim.fresh();
    }

    @Override
    TokenSettings settings() {
        return hsm.behind(shim, 4, SoftHsm.TIMEOUT);
    }

    @Override
    Set<String> lacks() {
        return SoftHsm.LACKS;
    }
}
