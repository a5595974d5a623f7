package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Tags;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import io.keyhold.token.pkcs11.Pkcs11KeyStore;
import io.keyhold.token.pkcs11.TokenSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A daemon without doors: a real token, a real database, and what keeps them in step. */
final class House implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");
    static final String REGION = "us-east-1";
    static final String ACCOUNT = "123456789012";

    private static final byte[] AAD = {1, 2};

    private final TokenSettings settings;
    private final Path database;
    private final AtomicInteger comparisons = new AtomicInteger();
    private KeyStore keyStore;
    private MetadataStore store;
    private Keyring keyring;
    private Lifecycle lifecycle;

    House(TokenSettings settings, Path database) {
        this.settings = settings;
        this.database = database;
        open();
    }

    /** In the daemon's own order. */
    private void open() {
        keyStore = Pkcs11KeyStore.open(settings, () -> {});
        try {
            store = SqlStore.sqlite(database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keyring = new Keyring();
        lifecycle =
                new Lifecycle(
                        store,
                        keyStore,
                        keyring,
                        new EncryptionCounts(store),
                        InstantSource.fixed(NOW),
                        "aws");
        keyring.load(store);
        comparisons.set(0);
        keyStore.whenAvailable(
                () -> {
                    lifecycle.reconcile();
                    comparisons.incrementAndGet();
                });
    }

    void restart() {
        close();
        open();
    }

    /** Once more than a start does it. */
    void reconcile() {
        lifecycle.reconcile();
    }

    boolean reconciled() {
        return lifecycle.reconciled();
    }

    /** Waits until a token that went away once is back, and what it holds was compared. */
    void awaitRecovery() {
        await().atMost(Duration.ofSeconds(5)).until(() -> comparisons.get() == 2);
    }

    KeyStore keyStore() {
        return keyStore;
    }

    MetadataStore store() {
        return store;
    }

    KeyRecord create() {
        return lifecycle.createKey(
                lifecycle.newKeyArn(REGION, ACCOUNT),
                KeyManager.CUSTOMER,
                "a key",
                Optional.empty(),
                Tags.NONE);
    }

    KeyRecord rotate(KeyRecord key) {
        return lifecycle.rotateOnDemand(key.arn());
    }

    /** The key as callers see it. */
    Optional<KeyRecord> find(KeyRecord key) {
        return keyring.find(REGION, key.id());
    }

    KeyRecord now(KeyRecord key) {
        return find(key).orElseThrow();
    }

    int keys() {
        return keyring.size();
    }

    Sealed encrypt(KeyRecord key, byte[] plaintext) {
        return keyStore.encrypt(key.id(), key.current(), AAD, plaintext);
    }

    byte[] decrypt(KeyRecord key, UUID backingId, Sealed sealed) {
        return keyStore.decrypt(key.id(), key.backingKey(backingId).orElseThrow(), AAD, sealed);
    }

    /** What callers see is what is stored, and the token holds that and nothing else. */
    void assertInStep() {
        List<KeyRecord> stored = store.keys();
        assertThat(stored).hasSize(keys());
        stored.forEach(key -> assertThat(now(key)).isEqualTo(key));
        assertThat(store.unfinished()).isEmpty();
        Set<UUID> rows =
                stored.stream()
                        .flatMap(key -> key.backingKeys().stream())
                        .map(BackingKey::ckaId)
                        .collect(Collectors.toSet());
        List<UUID> objects =
                keyStore.objects().stream()
                        .map(TokenObject::ckaId)
                        .map(Optional::orElseThrow)
                        .toList();
        assertThat(objects).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Override
    public void close() {
        store.close();
        keyStore.close();
    }
}
