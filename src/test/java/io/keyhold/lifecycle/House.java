package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keyhold.audit.Changes;
import io.keyhold.audit.Journal;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.Material;
import io.keyhold.key.Tags;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.testkit.Journals;
import io.keyhold.testkit.SetClocks;
import io.keyhold.testkit.Wrapping;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import io.keyhold.token.WrappedMaterial;
import io.keyhold.token.pkcs11.Pkcs11KeyStore;
import io.keyhold.token.pkcs11.TokenSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A daemon without doors: a real token, a real database, and what keeps them in step. */
final class House implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-04T05:06:07.089Z");
    static final String REGION = "us-east-1";
    static final String ACCOUNT = "123456789012";

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final byte[] AAD = {1, 2};

    private final TokenSettings settings;
    private final Path database;
    private final SetClocks clocks = new SetClocks(NOW);
    private final AtomicInteger comparisons = new AtomicInteger();
    private KeyStore keyStore;
    private MetadataStore store;
    private Journal journal;
    private Keyring keyring;
    private Aliases aliases;
    private Grants grants;
    private Jobs jobs;
    private Lifecycle lifecycle;

    House(TokenSettings settings, Path database) {
        this.settings = settings;
        this.database = database;
        open();
    }

    /** In the daemon's own order. */
    void open() {
        keyStore = Pkcs11KeyStore.open(settings, () -> {});
        try {
            store = SqlStore.sqlite(database, SqlStore.Use.NORMAL);
            journal = Journals.beside(database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keyring = new Keyring();
        aliases = new Aliases();
        grants = new Grants();
        lifecycle =
                new Lifecycle(
                        store, keyStore, keyring, aliases, grants, journal, clocks.clocks(), "aws");
        jobs = lifecycle.jobs();
        lifecycle.load(lastEvent());
        keyring.load(store);
        aliases.load(store);
        grants.load(store);
        comparisons.set(0);
        keyStore.whenAvailable(
                () -> {
                    lifecycle.reconcile();
                    comparisons.incrementAndGet();
                });
    }

    private Optional<Instant> lastEvent() {
        try {
            return Changes.lastEvent(database.resolveSibling("audit"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void restart() {
        close();
        open();
    }

    SetClocks clocks() {
        return clocks;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    Keyring keyring() {
        return keyring;
    }

    Aliases aliases() {
        return aliases;
    }

    Grants grants() {
        return grants;
    }

    /** What the jobs do every few seconds. */
    void tick() {
        jobs.tick();
    }

    /** One minute's round of the jobs. */
    void round() {
        jobs.round();
    }

    /** Time passes as it does for a daemon that runs: minute by minute, with a round in each. */
    void live(Duration time) {
        for (Duration left = time; left.isPositive(); left = left.minus(MINUTE)) {
            clocks.pass(MINUTE);
            round();
        }
    }

    /** Likewise in steps as long as nobody doubts them: faster, where minutes do not matter. */
    void liveInSteps(Duration time) {
        Duration step = Duration.ofMinutes(59);
        Duration left = time;
        for (; left.compareTo(step) > 0; left = left.minus(step)) {
            sleep(step);
        }
        sleep(left);
    }

    /** Time passes while nobody looks at the clock; then there is a round. */
    void sleep(Duration time) {
        clocks.pass(time);
        round();
    }

    /** The events of a name that the journal has, of the daemon's own doing. */
    List<JsonNode> events(String name) {
        return Journals.read(database).stream()
                .filter(event -> event.path("eventName").asString().equals(name))
                .toList();
    }

    /** From now on nothing can be recorded. */
    void closeJournal() {
        journal.close();
    }

    /** Lets the jobs run by themselves, as in a daemon. */
    void startJobs() {
        jobs.start();
    }

    /** A consistent copy of the database, of this moment. */
    void copyDatabase(Path copy) {
        sql("VACUUM INTO '" + copy + "'");
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
        return create(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
    }

    KeyRecord create(KeySpec spec, KeyUsage usage) {
        return lifecycle.createKey(
                new NewKey(
                        lifecycle.newKeyArn(REGION, ACCOUNT),
                        spec,
                        usage,
                        KeyOrigin.AWS_KMS,
                        KeyManager.CUSTOMER,
                        "a key",
                        Optional.empty(),
                        Tags.NONE));
    }

    /** A key that waits for its material. */
    KeyRecord createExternal(KeySpec spec, KeyUsage usage) {
        return lifecycle.createKey(
                new NewKey(
                        lifecycle.newKeyArn(REGION, ACCOUNT),
                        spec,
                        usage,
                        KeyOrigin.EXTERNAL,
                        KeyManager.CUSTOMER,
                        "a key",
                        Optional.empty(),
                        Tags.NONE));
    }

    WrappingKeys wrappingKeys() {
        return new WrappingKeys(
                new DaemonKeys(keyring, lifecycle), keyStore, keyring, lifecycle, clocks.clocks());
    }

    /** Material as its owner wraps it for a key. */
    WrappedMaterial wrapped(KeyRecord into, byte[] material) {
        KeyRecord by = wrappingKeys().current(into.arn(), KeySpec.RSA_2048);
        Material key = by.material(by.current());
        WrappingAlgorithm algorithm = WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1;
        return new WrappedMaterial(
                key, algorithm, Wrapping.wrap(keyStore.publicKey(key), algorithm, material));
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

    /** Changes a key as a verb does. */
    void change(KeyRecord key, UnaryOperator<KeyRecord> change) {
        keyring.change(key.arn(), change);
    }

    /** Does to the database what no verb can do. */
    void sql(String statement) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement change = connection.createStatement()) {
            change.executeUpdate(statement);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    int keys() {
        return keyring.size();
    }

    Sealed encrypt(KeyRecord key, byte[] plaintext) {
        return keyStore.encrypt(key.material(key.current()), AAD, plaintext);
    }

    byte[] decrypt(KeyRecord key, UUID backingId, Sealed sealed) {
        return keyStore.decrypt(key.material(key.backingKey(backingId).orElseThrow()), AAD, sealed);
    }

    /** What callers see is what is stored, and the token holds that and nothing else. */
    void assertInStep() {
        List<KeyRecord> stored = store.keys();
        assertThat(stored).hasSize(keys());
        stored.forEach(key -> assertThat(keyring.get(key.arn())).isEqualTo(key));
        assertThat(store.unfinished()).isEmpty();
        Set<UUID> rows =
                stored.stream()
                        .flatMap(key -> key.materials().stream())
                        .map(Material::ckaId)
                        .collect(Collectors.toSet());
        List<UUID> objects =
                keyStore.objects().stream()
                        .filter(object -> !object.isPublicHalf())
                        .map(TokenObject::ckaId)
                        .map(Optional::orElseThrow)
                        .toList();
        assertThat(objects).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Override
    public void close() {
        jobs.close();
        journal.close();
        store.close();
        keyStore.close();
    }
}
