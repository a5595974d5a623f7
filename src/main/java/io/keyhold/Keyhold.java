package io.keyhold;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.keyhold.access.Access;
import io.keyhold.api.Pipeline;
import io.keyhold.api.Verbs;
import io.keyhold.api.aws.AwsDoor;
import io.keyhold.api.aws.AwsSettings;
import io.keyhold.api.grpc.GrpcDoor;
import io.keyhold.api.tls.TlsFiles;
import io.keyhold.audit.Changes;
import io.keyhold.audit.Journal;
import io.keyhold.config.Config;
import io.keyhold.identity.AnySignature;
import io.keyhold.identity.Authenticator;
import io.keyhold.identity.Forwarding;
import io.keyhold.identity.Seal;
import io.keyhold.identity.Sessions;
import io.keyhold.identity.SignatureCheck;
import io.keyhold.identity.Signatures;
import io.keyhold.key.Arn;
import io.keyhold.key.MaterialLabel;
import io.keyhold.key.Services;
import io.keyhold.keyring.Accounts;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.keyring.ManagedKeys;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.lifecycle.Clocks;
import io.keyhold.lifecycle.DaemonKeys;
import io.keyhold.lifecycle.Jobs;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.ServiceManagedKeys;
import io.keyhold.lifecycle.WrappingKeys;
import io.keyhold.operation.KeyActions;
import io.keyhold.operation.NamedPrincipals;
import io.keyhold.operation.NewKeyPolicy;
import io.keyhold.operation.Verb;
import io.keyhold.operation.aliases.AliasVerbs;
import io.keyhold.operation.crypto.CryptoVerbs;
import io.keyhold.operation.crypto.DaemonSeal;
import io.keyhold.operation.grants.GrantVerbs;
import io.keyhold.operation.identities.IdentityVerbs;
import io.keyhold.operation.identities.SealedAccessKeys;
import io.keyhold.operation.imports.ImportVerbs;
import io.keyhold.operation.keys.KeyVerbs;
import io.keyhold.operation.maintenance.MaintenanceVerbs;
import io.keyhold.operation.materials.MaterialVerbs;
import io.keyhold.operation.policies.PolicyVerbs;
import io.keyhold.operation.services.ServiceVerbs;
import io.keyhold.operation.tags.TagVerbs;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.token.KeyStore;
import io.keyhold.token.pkcs11.Pkcs11KeyStore;
import io.keyhold.token.pkcs11.TokenException;
import io.keyhold.v1.IdentityProto;
import io.keyhold.v1.KeyManagementProto;
import io.keyhold.v1.MaintenanceProto;
import io.keyhold.v1.ServicesProto;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemon: every object in the order in which it is needed. */
public final class Keyhold implements AutoCloseable {

    /** The supervisor should start the daemon again (EX_TEMPFAIL). */
    private static final int RESTART_ME = 75;

    private static final int WORKERS = 256;

    /** What AWS's clients know as KMS. */
    private static final String KMS = "keyhold.v1.KeyManagement";

    private static final Logger log = LoggerFactory.getLogger(Keyhold.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final GrpcDoor door;
    private @Nullable AwsDoor awsDoor;
    private final Path socket;

    /**
     * Starts the daemon; when this returns, it serves.
     *
     * @throws StartException if it cannot, saying what an operator has to do
     */
    public Keyhold(Config config) {
        this.socket = config.home().resolve("keyhold.sock");
        try {
            this.door = start(config, Clocks.system());
        } catch (IOException | TokenException e) {
            close();
            throw StartException.because(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private GrpcDoor start(Config config, Clocks clocks) throws IOException {
        Path home = config.home();
        requireClosed(home);
        keep(ProcessLock.ofHome(home));
        KeyStore keyStore =
                keep(Pkcs11KeyStore.open(Settings.token(config), () -> die("a token hangs")));
        SqlStore store = store(config, keyStore);
        Accounts accounts = new Accounts(Settings.accounts(config), store.directory());
        Directory directory = new Directory(store.directory());
        Keyring keyring = new Keyring();
        Aliases aliases = new Aliases();
        Grants grants = new Grants();
        String partition = config.daemon().partition();
        Journal journal = keep(new Journal(config.audit().directory(), Keyhold::journalFailed));
        Lifecycle lifecycle =
                new Lifecycle(
                        store, keyStore, keyring, aliases, grants, journal, clocks, partition);
        lifecycle.load(Changes.lastEvent(config.audit().directory()));
        keyring.load(store);
        aliases.load(store);
        grants.load(store);
        reportUnserved(keyring, config);
        keyStore.whenAvailable(lifecycle::reconcile);

        ExecutorService workers = keep(workers());
        TlsFiles tls = new TlsFiles(Settings.tls(config));
        DaemonKeys daemonKeys = new DaemonKeys(keyring, lifecycle);
        Seal seal = new DaemonSeal(daemonKeys, lifecycle, keyStore);
        ServiceKeys serviceKeys = new ServiceKeys(store);
        ManagedKeys managed =
                new ServiceManagedKeys(
                        lifecycle, keyring, aliases, serviceKeys, store, clocks.wall());
        Services services =
                ServiceDeclarations.of(config, store, keyring, aliases)
                        .accept(Settings.services(config));
        Forwarding forwarding = new Forwarding(partition, services, seal);
        Authenticator authenticator =
                authenticator(config, accounts, tls, directory, seal, forwarding);
        Pipeline pipeline =
                new Pipeline(
                        config.daemon().region(),
                        authenticator,
                        new Access(
                                keyring, aliases, grants, directory, managed, services, partition),
                        journal,
                        lifecycle.usage(),
                        workers);
        Verbs verbs =
                verbs(
                        store,
                        keyStore,
                        lifecycle,
                        keyring,
                        aliases,
                        grants,
                        accounts,
                        directory,
                        seal,
                        services,
                        forwarding,
                        serviceKeys,
                        new WrappingKeys(daemonKeys, keyStore, keyring, lifecycle, clocks),
                        clocks.wall());
        Jobs jobs = keep(lifecycle.jobs());
        GrpcDoor grpc = openDoors(config, pipeline, verbs, clocks.wall(), tls);
        grpc.watch(() -> keyStore.available() && lifecycle.reconciled());
        jobs.start();
        log.info("serving {} keys", keyring.size());
        return grpc;
    }

    private GrpcDoor openDoors(
            Config config, Pipeline pipeline, Verbs verbs, InstantSource clock, TlsFiles tls)
            throws IOException {
        GrpcDoor grpc = grpcDoor(config, pipeline, verbs, clock, tls);
        watch(tls);
        awsDoor = awsDoor(config, pipeline, verbs, clock, tls);
        grpc.open();
        if (Settings.use(config) == SqlStore.Use.EMULATOR) {
            grpc.announce("keyhold.emulator");
        }
        return grpc;
    }

    private static Authenticator authenticator(
            Config config,
            Accounts accounts,
            TlsFiles tls,
            Directory directory,
            Seal seal,
            Forwarding forwarding)
            throws IOException {
        Sessions sessions = new Sessions(seal);
        return new Authenticator(
                Settings.operator(config, accounts),
                tls,
                sessions,
                forwarding,
                signatures(config, directory, seal, sessions));
    }

    private static SignatureCheck signatures(
            Config config, Directory directory, Seal seal, Sessions sessions) {
        Optional<String> account = config.aws().flatMap(Config.Aws::insecureAccount);
        if (account.isEmpty()) {
            return new Signatures(
                    new SealedAccessKeys(directory, seal), sessions, config.daemon().region());
        }
        log.warn(
                "EMULATOR: signatures are not checked (aws.auth); whoever reaches the port for"
                        + " AWS's clients is root of account {}",
                account.get());
        return new AnySignature(Arn.root(config.daemon().partition(), account.get()), sessions);
    }

    private GrpcDoor grpcDoor(
            Config config, Pipeline pipeline, Verbs verbs, InstantSource clock, TlsFiles tls)
            throws IOException {
        String region = config.daemon().region();
        return keep(
                new GrpcDoor(pipeline, verbs, clock, region, Settings.grpc(config, socket), tls));
    }

    /** Takes in what changes in the files of TLS. */
    private void watch(TlsFiles tls) {
        ScheduledExecutorService timer =
                keep(Executors.newSingleThreadScheduledExecutor(Keyhold::timerThread));
        Future<?> reloads = timer.scheduleWithFixedDelay(tls::reload, 2, 2, TimeUnit.SECONDS);
        log.debug("TLS files are watched: {}", reloads);
    }

    private @Nullable AwsDoor awsDoor(
            Config config, Pipeline pipeline, Verbs verbs, InstantSource clock, TlsFiles tls)
            throws IOException {
        if (config.aws().isEmpty()) {
            return null;
        }
        Config.Aws aws = config.aws().get();
        AwsSettings settings =
                new AwsSettings(
                        new InetSocketAddress(aws.host(), aws.port()),
                        config.daemon().region(),
                        aws.tls() ? Optional.of(tls) : Optional.empty(),
                        aws.insecureAccount().isPresent(),
                        config.grpc().eventLoops());
        AwsDoor opened = keep(new AwsDoor(pipeline, verbs, KMS, clock, settings));
        opened.open();
        return opened;
    }

    /** The TCP port for AWS's clients, if there is one. */
    public OptionalInt awsPort() {
        return awsDoor == null ? OptionalInt.empty() : OptionalInt.of(awsDoor.port());
    }

    /** The TCP port of gRPC. */
    public int grpcPort() {
        return door.port();
    }

    /** The operator's Unix socket. */
    public Path socket() {
        return socket;
    }

    /** The rows of all rooms. */
    public static Verbs verbs(
            MetadataStore store,
            KeyStore keyStore,
            Lifecycle lifecycle,
            Keyring keyring,
            Aliases aliases,
            Grants grants,
            Accounts accounts,
            Directory directory,
            Seal seal,
            Services services,
            Forwarding forwarding,
            ServiceKeys serviceKeys,
            WrappingKeys wrappingKeys,
            InstantSource clock) {
        NamedPrincipals principals = new NamedPrincipals(accounts::isKnown, directory::namesake);
        NewKeyPolicy newPolicy = new NewKeyPolicy(principals);
        List<Verb<?, ?>> rows = new ArrayList<>();
        rows.addAll(KeyVerbs.rows(lifecycle, store, keyStore, keyring, newPolicy, clock));
        rows.addAll(AliasVerbs.rows(store, keyring, aliases, clock));
        rows.addAll(TagVerbs.rows(store, keyring));
        rows.addAll(PolicyVerbs.rows(store, keyring, newPolicy));
        rows.addAll(GrantVerbs.rows(store, keyring, grants, principals, clock));
        rows.addAll(CryptoVerbs.rows(keyStore, lifecycle));
        rows.addAll(MaterialVerbs.rows(lifecycle));
        rows.addAll(ImportVerbs.rows(lifecycle, wrappingKeys, keyStore, seal, clock));
        rows.addAll(MaintenanceVerbs.rows(lifecycle));
        rows.addAll(IdentityVerbs.rows(accounts, directory, principals, keyStore, seal, clock));
        rows.addAll(ServiceVerbs.rows(directory, services, forwarding, serviceKeys, clock));
        rows.add(PolicyVerbs.explainAccess(KeyActions.of(rows)));
        return new Verbs(services(), rows);
    }

    /** The services that are served. */
    public static List<ServiceDescriptor> services() {
        return List.of(
                KeyManagementProto.getDescriptor().findServiceByName("KeyManagement"),
                IdentityProto.getDescriptor().findServiceByName("Identity"),
                MaintenanceProto.getDescriptor().findServiceByName("Maintenance"),
                ServicesProto.getDescriptor().findServiceByName("Services"));
    }

    private static void requireClosed(Path home) throws IOException {
        Set<PosixFilePermission> open = Files.getPosixFilePermissions(home);
        open.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!open.isEmpty()) {
            throw new StartException(home + " is open to others: chmod 700 it");
        }
    }

    /** A database that is not there is made, but not beside a token that has keys of another. */
    private SqlStore store(Config config, KeyStore keyStore) throws IOException {
        Path file = config.store().file();
        keep(ProcessLock.ofDatabase(file));
        if (!Files.exists(file)) {
            if (!keyStore.available()) {
                throw new StartException(
                        file + " does not exist, and the token is not there to be asked for keys");
            }
            long keys =
                    keyStore.objects().stream()
                            .filter(o -> o.label().startsWith(MaterialLabel.PREFIX))
                            .count();
            if (keys > 0) {
                throw new StartException(
                        "%s does not exist, and the token holds %d objects of keys: restore the"
                                        .formatted(file, keys)
                                + " database that belongs to them, or make an empty file there if"
                                + " they shall not be used");
            }
        }
        return keep(SqlStore.sqlite(file, Settings.use(config)));
    }

    private static void reportUnserved(Keyring keyring, Config config) {
        long own = keyring.size(DaemonKeys.REGION);
        long unserved = keyring.size() - own - keyring.size(config.daemon().region());
        if (unserved > 0) {
            log.warn(
                    "{} keys belong to other Regions than {} and cannot be seen: was daemon.region"
                            + " changed?",
                    unserved,
                    config.daemon().region());
        }
    }

    private static ExecutorService workers() {
        return new ThreadPoolExecutor(
                0,
                WORKERS,
                1,
                TimeUnit.MINUTES,
                new SynchronousQueue<>(),
                Thread.ofPlatform().name("worker-", 0).factory());
    }

    private static Thread timerThread(Runnable task) {
        return Thread.ofPlatform().daemon().name("timer").unstarted(task);
    }

    /** After a failed fsync nobody knows what is on the disk. */
    static void journalFailed(Throwable cause) {
        die("the audit journal failed", cause);
    }

    private static void die(String why, Throwable... cause) {
        log.error("the daemon ends at once: {}", why, cause.length == 0 ? null : cause[0]);
        Runtime.getRuntime().halt(RESTART_ME);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /** Closes the doors first, then everything behind them. */
    @Override
    public void close() {
        log.info("stopping");
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                log.error("closing {}", part, e);
            }
        }
    }
}
