package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.keyhold.v1.AssumeRoleRequest;
import io.keyhold.v1.AssumeRoleResponse;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateAccessKeyResponse;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyResponse;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GenerateRandomRequest;
import io.keyhold.v1.ReEncryptRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** R26: a PIN and a plaintext that can be recognised are nowhere but where they belong. */
final class SecretsIT {

    private static final Canary PIN = new Canary("PIN", "q7Wz.5f1c93e7.Kx");
    private static final Canary WRONG_PIN = new Canary("wrong PIN", "v3Jq.77aa01c4.Hy");
    private static final Canary PLAINTEXT = new Canary("plaintext", "z9Rk.8d2b64f0a917.Vx4w");
    private static final Map<String, String> CONTEXT = Map.of("shown", "in the audit trail");
    private static final int LONGEST_PLAINTEXT = 4096;

    private static final String EVERYTHING =
            """
            <configuration>
              <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
                <target>System.err</target>
                <encoder><pattern>%d %level %logger %msg%n%ex</pattern></encoder>
              </appender>
              <root level="TRACE"><appender-ref ref="STDERR"/></root>
            </configuration>
            """;

    private static Home home;

    @BeforeAll
    static void prepareWithARecognisablePin() throws IOException {
        home = Home.prepare();
        Commands.Outcome changed =
                Commands.run(
                        Map.of("SOFTHSM2_CONF", home.path("softhsm2.conf").toString()),
                        "pkcs11-tool",
                        "--module",
                        home.token().library(),
                        "--token-label",
                        "keyhold",
                        "--login",
                        "--pin",
                        home.pin(),
                        "--change-pin",
                        "--new-pin",
                        PIN.text());
        assertThat(changed.exitCode()).as(changed.toString()).isZero();
        Files.write(home.path("pin"), PIN.bytes());
        Files.write(home.scratch("logback.xml"), EVERYTHING.getBytes(UTF_8));
    }

    @AfterAll
    static void remove() {
        home.close();
    }

    @Test
    void nothingSecretIsWrittenAnywhere() throws IOException {
        String log;
        List<Canary> secrets = new ArrayList<>(List.of(PIN, PLAINTEXT));
        try (Daemon daemon = Daemon.start(home, tracing())) {
            for (Listener listener : Listener.values()) {
                try (Client client = listener.connect(daemon)) {
                    drive(client);
                    secrets.addAll(dataKeys(client));
                    if (listener == Listener.UNIX) {
                        secrets.addAll(credentials(client));
                    }
                }
            }
            assertNowhereIn("memory once replies are sent", heap(daemon), secrets);
            assertThat(daemon.terminate()).isEqualTo(Daemon.TERMINATED);
            log = daemon.log() + daemon.out();
        }
        assertThat(log).contains(" TRACE ").contains(" DEBUG ");
        assertNowhereIn("the log", log.getBytes(UTF_8), secrets);
        assertNowhereInHome(secrets);
    }

    @Test
    void aPinThatTheTokenRefusesIsNotWrittenEither() throws IOException {
        Files.write(home.path("pin"), WRONG_PIN.bytes());
        try (Daemon daemon = Daemon.launch(home, tracing())) {
            assertThat(daemon.awaitExit()).isEqualTo(Keyhold.CONFIG);
            assertThat(daemon.log()).contains("refused the PIN");
            assertNowhereIn("the log", daemon.log().getBytes(UTF_8), List.of(WRONG_PIN));
            assertNowhereInHome(List.of(WRONG_PIN));
        } finally {
            Files.write(home.path("pin"), PIN.bytes());
            Files.deleteIfExists(home.path("pin-refused"));
        }
    }

    /** Every verb, with the plaintext where it belongs and where it does not. */
    private static void drive(Client client) {
        String key = client.createKey().getKeyId();
        for (byte[] plaintext : List.of(PLAINTEXT.bytes(), PLAINTEXT.times(LONGEST_PLAINTEXT))) {
            byte[] blob = client.encrypt(key, plaintext, CONTEXT);
            assertThat(client.decrypt(blob, CONTEXT)).isEqualTo(plaintext);
            Refusal.of(() -> client.decrypt(blob, Map.of()));
            Refusal.of(() -> client.decrypt(Arrays.copyOf(blob, blob.length - 1), CONTEXT));
            client.rotate(key);
            assertThat(client.decrypt(blob, CONTEXT)).isEqualTo(plaintext);
        }
        assertThat(client.rotations(key)).hasSize(2);
        EncryptRequest good = Client.encryptRequest(key, PLAINTEXT.bytes(), CONTEXT);
        EncryptRequest.Builder tooLong = good.toBuilder();
        tooLong.setPlaintext(ByteString.copyFrom(PLAINTEXT.times(LONGEST_PLAINTEXT + 1)));
        UnknownFieldSet.Field unknown =
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFrom(PLAINTEXT.bytes()))
                        .build();
        for (EncryptRequest bad :
                List.of(
                        good.toBuilder().setDryRun(true).build(),
                        good.toBuilder().setKeyId("nobody").build(),
                        good.toBuilder().addGrantTokens("t").build(),
                        good.toBuilder().setEncryptionAlgorithmValue(99).build(),
                        good.toBuilder().putEncryptionContext("", "").build(),
                        tooLong.build(),
                        good.toBuilder()
                                .setUnknownFields(
                                        UnknownFieldSet.newBuilder().addField(99, unknown).build())
                                .build())) {
            Refusal.of(() -> client.call(Rpc.ENCRYPT, bad));
        }
        byte[] wire = good.toByteArray();
        Garbage garbage = new Garbage(client);
        for (int length = 0; length < wire.length; length++) {
            garbage.send(Rpc.ENCRYPT, Arrays.copyOf(wire, length));
        }
        garbage.assertAnswered();
        // As a ciphertext, and as a message of its own.
        Refusal.of(() -> client.decrypt(PLAINTEXT.bytes(), CONTEXT));
        for (var rpc : Rpc.ALL) {
            Refusal.of(() -> client.send(rpc.getFullMethodName(), PLAINTEXT.bytes()));
        }
        byte[] huge = PLAINTEXT.times(2 << 20);
        assertThat(catchThrowable(() -> client.send(Rpc.ENCRYPT.getFullMethodName(), huge)))
                .isNotNull();
    }

    /** Data keys and random bytes, which nobody but the caller may still have. */
    private static List<Canary> dataKeys(Client client) {
        String key = client.createKey().getKeyId();
        GenerateDataKeyResponse made =
                client.call(
                        Rpc.GENERATE_DATA_KEY,
                        GenerateDataKeyRequest.newBuilder()
                                .setKeyId(key)
                                .setNumberOfBytes(64)
                                .build());
        client.call(
                Rpc.RE_ENCRYPT,
                ReEncryptRequest.newBuilder()
                        .setCiphertextBlob(made.getCiphertextBlob())
                        .setDestinationKeyId(key)
                        .build());
        byte[] hidden =
                client.call(
                                Rpc.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
                                GenerateDataKeyWithoutPlaintextRequest.newBuilder()
                                        .setKeyId(key)
                                        .setNumberOfBytes(64)
                                        .build())
                        .getCiphertextBlob()
                        .toByteArray();
        ByteString random =
                client.call(
                                Rpc.GENERATE_RANDOM,
                                GenerateRandomRequest.newBuilder().setNumberOfBytes(64).build())
                        .getPlaintext();
        return List.of(
                new Canary("data key", made.getPlaintext().toByteArray()),
                new Canary("hidden data key", client.decrypt(hidden, Map.of())),
                new Canary("random bytes", random.toByteArray()));
    }

    /** What signs requests, of an access key and of a session. */
    private static List<Canary> credentials(Client operator) {
        String alice = "arn:aws:iam::123456789012:user/alice";
        String role = "arn:aws:iam::123456789012:role/read";
        Request.of(Iam.createUser("alice")).send(operator);
        Request.of(Iam.createRole("read", Iam.trust(alice))).send(operator);
        CreateAccessKeyResponse made =
                ask(operator, "", CreateAccessKeyRequest.newBuilder().setUserName("alice").build());
        AssumeRoleResponse assumed =
                ask(
                        operator,
                        alice,
                        AssumeRoleRequest.newBuilder()
                                .setRoleArn(role)
                                .setRoleSessionName("one")
                                .build());
        return List.of(
                new Canary("access key", made.getAccessKey().getSecretAccessKey()),
                new Canary("session", assumed.getCredentials().getSecretAccessKey()));
    }

    @SuppressWarnings("unchecked") // the caller knows what is answered
    private static <R extends Message> R ask(Client operator, String as, Message request) {
        var rpc = Rpc.taking(request);
        return (R) (as.isEmpty() ? operator.call(rpc, request) : operator.callAs(as, rpc, request));
    }

    private static String[] tracing() {
        return new String[] {
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=" + home.scratch("logback.xml"),
            "-Dio.netty.leakDetection.level=paranoid"
        };
    }

    /** What is alive in the daemon's heap, after a collection. */
    private static byte[] heap(Daemon daemon) throws IOException {
        Path dump = home.scratch("heap.hprof");
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Commands.must(
                jcmd.toString(),
                Long.toString(daemon.pid()),
                "GC.heap_dump",
                "-overwrite",
                dump.toString());
        return Files.readAllBytes(dump);
    }

    /** Everything in the home but the PIN files and the token itself. */
    private static void assertNowhereInHome(List<Canary> canaries) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(home.folder())) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("pin") && !file.endsWith("so-pin"))
                    .filter(file -> !file.startsWith(home.path("softhsm")))
                    .forEach(files::add);
        }
        assertThat(files).contains(home.path("audit/journal.jsonl"), home.path("keyhold.db"));
        for (Path file : files) {
            assertNowhereIn(file.toString(), Files.readAllBytes(file), canaries);
        }
    }

    private static void assertNowhereIn(String where, byte[] bytes, List<Canary> canaries) {
        for (Canary canary : canaries) {
            assertThat(canary.tracesIn(bytes)).as(canary + " in " + where).isEmpty();
        }
    }
}
