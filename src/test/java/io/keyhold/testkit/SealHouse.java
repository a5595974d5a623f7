package io.keyhold.testkit;

import io.keyhold.audit.Journal;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Clocks;
import io.keyhold.lifecycle.DaemonKeys;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.NewKey;
import io.keyhold.operation.crypto.DaemonSeal;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.token.KeyStore;
import io.keyhold.token.pkcs11.Pkcs11KeyStore;
import io.keyhold.token.pkcs11.TokenSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A seal, over a token and a database that are real. */
public final class SealHouse implements AutoCloseable {

    public static final String REGION = "us-east-1";
    public static final String ACCOUNT = "123456789012";

    /** The account of the daemon's own keys. */
    private static final String OWN = "keyhold";

    private final TokenSettings settings;
    private final Path database;
    private KeyStore keyStore;
    private MetadataStore store;
    private Keyring keyring;
    private Journal journal;
    private Lifecycle lifecycle;
    private DaemonSeal seal;

    public SealHouse(TokenSettings settings, Path database) {
        this.settings = settings;
        this.database = database;
        open();
    }

    private void open() {
        keyStore = Pkcs11KeyStore.open(settings, () -> {});
        try {
            store = SqlStore.sqlite(database, SqlStore.Use.NORMAL);
            journal = Journals.beside(database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keyring = new Keyring();
        lifecycle =
                new Lifecycle(
                        store,
                        keyStore,
                        keyring,
                        new Aliases(),
                        new Grants(),
                        journal,
                        Clocks.system(),
                        "aws");
        keyring.load(store);
        lifecycle.load(Optional.empty());
        keyStore.whenAvailable(lifecycle::reconcile);
        seal = new DaemonSeal(new DaemonKeys(keyring, lifecycle), lifecycle, keyStore);
    }

    public void restart() {
        close();
        open();
    }

    public DaemonSeal seal() {
        return seal;
    }

    public Keyring keyring() {
        return keyring;
    }

    public MetadataStore store() {
        return store;
    }

    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The seal's own key; there must be no other of its account. */
    public KeyRecord sealKey() {
        List<KeyRecord> own = keyring.list(DaemonKeys.REGION, OWN, "", 2);
        if (own.size() != 1) {
            throw new AssertionError("keys of the daemon's own: " + own);
        }
        return own.getFirst();
    }

    public KeyRecord customerKey(Optional<String> policy) {
        return lifecycle.createKey(
                new NewKey(
                        lifecycle.newKeyArn(REGION, ACCOUNT),
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT,
                        KeyOrigin.AWS_KMS,
                        KeyManager.CUSTOMER,
                        "",
                        policy.map(KeyPolicy::new),
                        Tags.NONE));
    }

    public KeyStore keyStore() {
        return keyStore;
    }

    @Override
    public void close() {
        journal.close();
        store.close();
        keyStore.close();
    }
}
