package io.keyhold.token.pkcs11;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** The contract of all families, kept by openCryptoki as far as it goes. */
class OpenCryptokiFamiliesTest extends FamiliesContract {

    private OpenCryptoki hsm;

    @AfterAll
    static void release() {
        OpenCryptoki.release();
    }

    @Override
    TokenSettings settings() {
        if (hsm == null) {
            hsm = OpenCryptoki.emptied();
        }
        return hsm.settings();
    }

    @Override
    Set<String> lacks() {
        return OpenCryptoki.LACKS;
    }
}
