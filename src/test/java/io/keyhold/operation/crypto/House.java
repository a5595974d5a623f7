package io.keyhold.operation.crypto;

import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.EncryptionCounts;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.token.KeyStore;
import io.keyhold.token.pkcs11.Pkcs11KeyStore;
import io.keyhold.token.pkcs11.TokenSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A seal, over a token and a database that are real. */
final class House implements AutoCloseable {

    static final String REGION = "us-east-1";
    static final String ACCOUNT = "123456789012";

    private final TokenSettings settings;
    private final Path database;
    private KeyStore keyStore;
    private MetadataStore store;
    private Keyring keyring;
    private EncryptionCounts counts;
    private Lifecycle lifecycle;
    private DaemonSeal seal;

    House(TokenSettings settings, Path database) {
        this.settings = settings;
        this.database = database;
        open();
    }

    private void open() {
        keyStore = Pkcs11KeyStore.open(settings, () -> {});
        try {
            store = SqlStore.sqlite(database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keyring = new Keyring();
        counts = new EncryptionCounts(store);
        lifecycle = new Lifecycle(store, keyStore, keyring, counts, InstantSource.system(), "aws");
        keyring.load(store);
        counts.load();
        keyStore.whenAvailable(lifecycle::reconcile);
        seal = new DaemonSeal(keyring, lifecycle, keyStore, counts);
    }

    void restart() {
        close();
        open();
    }

    DaemonSeal seal() {
        return seal;
    }

    Keyring keyring() {
        return keyring;
    }

    MetadataStore store() {
        return store;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The seal's own key; there must be no other of its account. */
    KeyRecord sealKey() {
        List<KeyRecord> own = keyring.list(DaemonSeal.REGION, DaemonSeal.ACCOUNT, "", 2);
        if (own.size() != 1) {
            throw new AssertionError("keys of the daemon's own: " + own);
        }
        return own.getFirst();
    }

    KeyRecord customerKey() {
        return lifecycle.createKey(
                lifecycle.newKeyArn(REGION, ACCOUNT),
                KeyManager.CUSTOMER,
                "",
                Optional.empty(),
                Tags.NONE);
    }

    SymmetricCipher cipher() {
        return new SymmetricCipher(keyStore, counts);
    }

    @Override
    public void close() {
        store.close();
        keyStore.close();
    }
}
