package io.keyhold.lifecycle;

import io.keyhold.token.pkcs11.SoftHsm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a {@link House} of its own. */
abstract class InHouse {

    @TempDir Path folder;
    SoftHsm hsm;
    House house;

    @BeforeEach
    void open() {
        hsm = SoftHsm.in(folder.resolve("hsm"));
        house = reopened();
    }

    /** A house beside the same token and the same database, as after a restart. */
    House reopened() {
        return new House(hsm.settings(), database());
    }

    Path database() {
        return folder.resolve("keyhold.db");
    }

    @AfterEach
    void close() {
        house.close();
    }
}
