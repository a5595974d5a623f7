package io.keyhold.token.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Callers;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    @Override
    Set<String> lacks() {
        return SoftHsm.LACKS;
    }

    /** In SoftHSM 2.6.1 a search makes a C_GenerateKey fail that goes on at the same time. */
    @Test
    void keysAreMadeBesideSearches() {
        OpenToken token = token();
        try (Callers making = Callers.start(2, c -> TestKey.make(token.store()));
                Callers listing = Callers.start(1, c -> token.store().objects());
                Callers searching =
                        Callers.start(
                                1,
                                c -> {
                                    TestKey absent = TestKey.draft(token.store());
                                    token.store().find(absent.material());
                                })) {
            making.awaitAnswers(150);
            assertThat(making.refused() + listing.refused() + searching.refused()).isZero();
            assertThat(token.epochs()).isEqualTo(1);
        }
    }
}
