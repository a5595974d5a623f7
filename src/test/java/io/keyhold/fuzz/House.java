package io.keyhold.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.keyhold.Keyhold;
import io.keyhold.access.Access;
import io.keyhold.api.Format;
import io.keyhold.api.Pipeline;
import io.keyhold.audit.Journal;
import io.keyhold.envelope.BlobHeader;
import io.keyhold.envelope.CiphertextBlob;
import io.keyhold.identity.Authenticator;
import io.keyhold.identity.ClientCertificates;
import io.keyhold.identity.Forwarding;
import io.keyhold.identity.Inbound;
import io.keyhold.identity.Operator;
import io.keyhold.identity.Peer;
import io.keyhold.identity.Seal;
import io.keyhold.identity.Sessions;
import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.GrantOperation;
import io.keyhold.key.GrantTerms;
import io.keyhold.key.KeyManager;
import io.keyhold.key.KeyOrigin;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.LocalProcess;
import io.keyhold.key.Principal;
import io.keyhold.key.Services;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.key.Tags;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.keyring.Accounts;
import io.keyhold.keyring.Aliases;
import io.keyhold.keyring.Directory;
import io.keyhold.keyring.Grants;
import io.keyhold.keyring.Keyring;
import io.keyhold.keyring.ServiceKeys;
import io.keyhold.lifecycle.Clocks;
import io.keyhold.lifecycle.DaemonKeys;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.lifecycle.NewKey;
import io.keyhold.lifecycle.WrappingKeys;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.operation.crypto.DaemonSeal;
import io.keyhold.store.Drafts;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.testkit.NoServices;
import io.keyhold.testkit.NoSignatures;
import io.keyhold.testkit.TestServices;
import io.keyhold.testkit.Wrapping;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.token.pkcs11.Pkcs11KeyStore;
import io.keyhold.token.pkcs11.SoftHsm;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.WrappingKeySpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A daemon without doors: the pipeline over a token, a database and a journal, all of them real.
 */
final class House implements AutoCloseable {

    /** Every rpc that is served. */
    static final List<MethodDescriptor> RPCS =
            Keyhold.services().stream().flatMap(service -> service.getMethods().stream()).toList();

    private static final byte[] PLAINTEXT = {'x'};

    /** Of any import token for a key of this house, by RSAES_OAEP_SHA_1. */
    static final int IMPORT_TOKEN_BYTES = 62 + 145;

    static final String REGION = "us-east-1";

    private static final Services SERVICES =
            new Services(List.of(TestServices.of("s3", "s3.amazonaws.com")), Set.of());
    static final Arn OPERATOR = Arn.root("aws", "123456789012");
    static final GrantTerms TERMS =
            new GrantTerms(
                    "",
                    new BoundPrincipal(new Principal.OfAccount(OPERATOR), ""),
                    Optional.empty(),
                    Set.of(GrantOperation.Encrypt),
                    GrantConstraints.NONE,
                    OPERATOR);
    private static final int ROOT_UID = 0;

    /** More make the token slow, and the journal large. */
    private static final int MOST_KEYS = 200;

    private static final int MOST_CALLS = 20_000;

    private final Path folder;
    private final KeyStore keyStore;
    private final SqlStore store;
    private final Keyring keyring = new Keyring();
    private final Grants grants = new Grants();
    private final Journal journal;
    private final Lines lines;
    private final Pipeline pipeline;
    private final Map<String, Verb<?, ?>> rows = new HashMap<>();
    private final AtomicReference<@Nullable Throwable> trouble = new AtomicReference<>();
    private final Arn key;
    private final StandIns standIns;
    private final Residents residents;
    private final CiphertextBlob blob;
    private int calls;

    private House(Path folder) throws IOException {
        this.folder = folder;
        keyStore =
                Pkcs11KeyStore.open(
                        SoftHsm.in(folder).settings(),
                        () -> note(new AssertionError("the token hangs")));
        store = SqlStore.sqlite(folder.resolve("keyhold.db"), SqlStore.Use.NORMAL);
        Clocks clocks = Clocks.system();
        journal = new Journal(folder.resolve("audit"), this::note);
        Aliases aliases = new Aliases();
        Lifecycle lifecycle =
                new Lifecycle(store, keyStore, keyring, aliases, grants, journal, clocks, "aws");
        Accounts accounts = new Accounts(Set.of(OPERATOR.account()), store.directory());
        Directory directory = new Directory(store.directory());
        residents = new Residents(directory);
        keyring.load(store);
        keyStore.whenAvailable(lifecycle::reconcile);
        lines = new Lines(folder.resolve("audit/journal.jsonl"));
        DaemonKeys daemonKeys = new DaemonKeys(keyring, lifecycle);
        Seal seal = new DaemonSeal(daemonKeys, lifecycle, keyStore);
        Forwarding forwarding = new Forwarding(OPERATOR.partition(), SERVICES, seal);
        ClientCertificates nobody = ClientCertificates.load("aws", List.of());
        pipeline =
                new Pipeline(
                        REGION,
                        new Authenticator(
                                new Operator(OPERATOR, ROOT_UID, true, OPERATOR.account()::equals),
                                () -> nobody,
                                new Sessions(seal),
                                forwarding,
                                NoSignatures.EXPECTED),
                        new Access(
                                keyring,
                                aliases,
                                grants,
                                directory,
                                NoServices.EXPECTED,
                                SERVICES,
                                "aws"),
                        journal,
                        lifecycle.usage(),
                        Runnable::run); // so that an Error reaches the fuzzer
        Keyhold.verbs(
                        store,
                        keyStore,
                        lifecycle,
                        keyring,
                        aliases,
                        grants,
                        accounts,
                        directory,
                        seal,
                        SERVICES,
                        forwarding,
                        new ServiceKeys(store),
                        new WrappingKeys(daemonKeys, keyStore, keyring, lifecycle, clocks),
                        clocks.wall())
                .all()
                .forEach(verb -> rows.put(verb.name(), verb));
        KeyRecord made = make(lifecycle, KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
        key = made.arn();
        BlobHeader header = new BlobHeader(made.id(), made.currentId());
        Sealed sealed =
                keyStore.encrypt(
                        made.material(made.current()),
                        header.authenticatedData(EncryptionContext.EMPTY),
                        PLAINTEXT);
        blob = new CiphertextBlob(header, sealed.iv(), sealed.ciphertextAndTag());
        standIns = new StandIns(made, blob, others(lifecycle));
        keyStore.generate(made.material(Drafts.withCkaId(Drafts.backing(9, null), StandIns.WAIF)));
    }

    private static KeyRecord make(Lifecycle lifecycle, KeySpec spec, KeyUsage usage) {
        return make(lifecycle, spec, usage, KeyOrigin.AWS_KMS);
    }

    private static KeyRecord make(
            Lifecycle lifecycle, KeySpec spec, KeyUsage usage, KeyOrigin origin) {
        return lifecycle.createKey(
                new NewKey(
                        lifecycle.newKeyArn(REGION, OPERATOR.account()),
                        spec,
                        usage,
                        origin,
                        KeyManager.CUSTOMER,
                        "",
                        Optional.empty(),
                        Tags.NONE));
    }

    private StandIns.Others others(Lifecycle lifecycle) {
        KeyRecord hmac = make(lifecycle, KeySpec.HMAC_224, KeyUsage.GENERATE_VERIFY_MAC);
        KeyRecord signing = make(lifecycle, KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
        KeyRecord agreement = make(lifecycle, KeySpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT);
        byte[] signature;
        do { // DER has several lengths
            signature =
                    keyStore.sign(
                            signing.material(signing.current()),
                            SigningAlgorithm.ECDSA_SHA_256,
                            SigningAlgorithm.ECDSA_SHA_256.input(PLAINTEXT));
        } while (signature.length != StandIns.SIGNATURE.length);
        KeyRecord external =
                make(
                        lifecycle,
                        KeySpec.SYMMETRIC_DEFAULT,
                        KeyUsage.ENCRYPT_DECRYPT,
                        KeyOrigin.EXTERNAL);
        GetParametersForImportResponse parameters = parameters(external);
        return new StandIns.Others(
                hmac,
                keyStore.mac(hmac.material(hmac.current()), PLAINTEXT),
                signing,
                signature,
                agreement,
                keyStore.publicKey(agreement.material(agreement.current())),
                external,
                parameters.getImportToken().toByteArray(),
                Wrapping.wrap(
                        parameters.getPublicKey().toByteArray(),
                        WrappingAlgorithm.RSAES_OAEP_SHA_1,
                        Wrapping.random(32)));
    }

    private GetParametersForImportResponse parameters(KeyRecord external) {
        byte[] request =
                GetParametersForImportRequest.newBuilder()
                        .setKeyId(external.id().toString())
                        .setWrappingAlgorithm(AlgorithmSpec.Value.RSAES_OAEP_SHA_1)
                        .setWrappingKeySpec(WrappingKeySpec.Value.RSA_2048)
                        .build()
                        .toByteArray();
        Verb<?, ?> verb = rows.get("GetParametersForImport");
        OneReply reply = new OneReply(this::note);
        pipeline.run(verb, inbound(verb, request, "call-" + calls++), Format.PROTOBUF, reply);
        try {
            return GetParametersForImportResponse.parseFrom(reply.await().answer().orElseThrow());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        } finally {
            recordsOfCalls();
        }
    }

    /** Builds one in a temporary folder. */
    static House build() {
        try {
            return new House(Files.createTempDirectory("keyhold-fuzz"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has become so full that a new one is faster. */
    boolean full() {
        return calls >= MOST_CALLS || keyring.size() >= MOST_KEYS;
    }

    /** The one ciphertext that an input can hold and that opens. */
    byte[] blob() {
        return blob.encode();
    }

    /** What that opens to. */
    byte[] plaintext() {
        return PLAINTEXT.clone();
    }

    /**
     * Calls an rpc as the operator, or a user where the operator may not; the stand-ins in the body
     * are replaced. An earlier call may have disabled the key that they stand for, or retired its
     * grant: they are made good again. Users and the like are as the verb needs them.
     */
    Outcome call(MethodDescriptor rpc, byte[] body) {
        Verb<?, ?> verb = rows.get(rpc.getName());
        standIns.replaceIn(body);
        KeyState needed =
                rpc.getName().equals("CancelKeyDeletion")
                        ? KeyState.PendingDeletion
                        : KeyState.Enabled;
        if (keyring.get(key).state() != needed) {
            keyring.change(key, now -> store.setState(now.arn(), needed));
        }
        if (grants.find(key, StandIns.GRANT_ID).isEmpty()) {
            Grant grant = new Grant(StandIns.GRANT_ID, key, Instant.EPOCH, TERMS);
            grants.create(grant, store::createGrant);
        }
        if (!verb.service().equals("kms")) {
            residents.arrange(verb.name());
        }
        byte[] sent = body.clone();
        OneReply reply = new OneReply(this::note);
        String id = "call-" + calls++;
        pipeline.run(verb, inbound(verb, body, id), Format.PROTOBUF, reply);
        OneReply.Result result = reply.await();
        if (!verb.service().equals("kms") && verb.audit() == AuditClass.WRITE) {
            residents.changed();
        }
        assertThat(trouble.get()).as("trouble beside the calls").isNull();
        return new Outcome(id, sent, result.answer(), result.fault(), recordsOfCalls());
    }

    /** Makes a call that ends with an Error; what the caller hears, and what the journal has. */
    Outcome broken(Verb<?, ?> verb) {
        OneReply reply = new OneReply(this::note);
        String id = "call-" + calls++;
        byte[] body = verb.prototype().toByteArray();
        assertThatThrownBy(
                        () -> pipeline.run(verb, inbound(verb, body, id), Format.PROTOBUF, reply))
                .isInstanceOf(Error.class);
        OneReply.Result result = reply.await();
        return new Outcome(id, new byte[0], result.answer(), result.fault(), recordsOfCalls());
    }

    /** What is new in the journal, but what the daemon has done to keys by itself. */
    private String recordsOfCalls() {
        return lines.added()
                .lines()
                .filter(line -> !line.contains("\"eventType\":\"AwsServiceEvent\""))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Inbound<byte[]> inbound(Verb<?, ?> verb, byte[] body, String id) {
        return new Inbound<>(
                new Peer.Unix(new LocalProcess(ROOT_UID, ROOT_UID, 1)),
                Residents.claims(verb.name()),
                REGION,
                body,
                id,
                "unix",
                "fuzz",
                Instant.now());
    }

    private void note(Throwable e) {
        trouble.compareAndSet(null, e);
    }

    @Override
    public void close() {
        journal.close();
        lines.close();
        store.close();
        keyStore.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(trouble.get()).as("trouble beside the calls").isNull();
    }

    /**
     * What came of a call.
     *
     * @param answer the message, if it succeeded
     * @param fault else why not
     * @param record what the journal has more than before
     */
    record Outcome(
            String requestId,
            byte[] request,
            Optional<ByteString> answer,
            Optional<KmsFault> fault,
            String record) {}
}
