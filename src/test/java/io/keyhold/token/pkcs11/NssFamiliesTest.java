package io.keyhold.token.pkcs11;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The contract of all families, kept by NSS in this process. */
class NssFamiliesTest extends FamiliesContract {

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
    Set<String> lacks() {
        return NssDatabase.LACKS;
    }
}
