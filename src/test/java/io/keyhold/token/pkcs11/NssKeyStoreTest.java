package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by NSS in this process. */
class NssKeyStoreTest extends KeyStoreContract {

    @TempDir private static Path folder;
    private static NssDatabase hsm;

    @BeforeAll
    static void make() {
        hsm = NssDatabase.in(folder);
    }

    @Override
    TokenSettings settings() {
        return hsm.settings();
    }

    @Override
    Set<String> lacks() {
        return NssDatabase.LACKS;
    }
}
