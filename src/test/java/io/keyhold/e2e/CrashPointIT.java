package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.RotationsListEntry;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SigningAlgorithmSpec;
import io.keyhold.v1.VerifyRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R1, R2: the process kills itself at each named point; the next start makes it good. */
final class CrashPointIT {

    private static final byte[] PLAINTEXT = "before the crash".getBytes(UTF_8);

    /** How much the store has gained when a call died there; a point not listed may be either. */
    private static final Map<String, Integer> GAINED =
            Map.of("MATERIAL_BEGUN", 0, "MATERIAL_GENERATED", 1, "MATERIAL_ACTIVATED", 1);

    private static Home home;
    private static State known;

    @BeforeAll
    static void prepare() {
        home = Home.prepare();
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.TLS.connect(daemon)) {
            String key = client.createKey().getKeyId();
            byte[] blob = client.encrypt(key, PLAINTEXT, Map.of());
            client.rotate(key);
            known = new State(key, blob, Set.of(key), rotations(client, key));
        }
    }

    @AfterAll
    static void remove() {
        home.close();
    }

    /** Those of io.keyhold.lifecycle.CrashPoint that creation and rotation come by. */
    static Stream<String> points() throws ClassNotFoundException {
        Object[] points = Class.forName("io.keyhold.lifecycle.CrashPoint").getEnumConstants();
        return Stream.of(points).map(Object::toString).filter(p -> p.startsWith("MATERIAL_"));
    }

    @ParameterizedTest
    @MethodSource("points")
    void aCreation(String point) {
        State before = known;
        crash(point, Client::createKey);
        State after = recover();
        assertThat(after.keys()).containsAll(before.keys());
        assertGained(point, after.keys().size() - before.keys().size());
        assertThat(after.rotations()).isEqualTo(before.rotations());
    }

    @ParameterizedTest
    @MethodSource("points")
    void aCreationOfAPair(String point) {
        State before = known;
        crash(
                point,
                client ->
                        client.createKey(
                                KeySpec.Value.ECC_NIST_P256, KeyUsageType.Value.SIGN_VERIFY));
        State after = recover();
        assertThat(after.keys()).containsAll(before.keys());
        assertGained(point, after.keys().size() - before.keys().size());
    }

    @ParameterizedTest
    @MethodSource("points")
    void aRotation(String point) {
        State before = known;
        crash(point, client -> client.rotate(before.key()));
        State after = recover();
        int survived = before.rotations().size();
        assertThat(after.rotations().subList(0, survived)).isEqualTo(before.rotations());
        assertGained(point, after.rotations().size() - survived);
        assertThat(after.keys()).isEqualTo(before.keys());
    }

    private static void assertGained(String point, int gained) {
        assertThat(gained).isEqualTo(GAINED.getOrDefault(point, Math.min(gained, 1)));
    }

    private static void crash(String point, Consumer<Client> act) {
        Daemon.crash(home, point, Listener.TLS::connect, act);
    }

    /** What a fresh start finds: every key works, and token and store are in step. */
    private static State recover() {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            Consistency.awaitIn(home);
            Set<String> keys = new HashSet<>();
            ListKeysRequest all = ListKeysRequest.newBuilder().setLimit(1000).build();
            for (KeyListEntry key : client.call(Rpc.LIST_KEYS, all).getKeysList()) {
                keys.add(key.getKeyId());
                assertWorks(client, key.getKeyId());
            }
            assertThat(client.decrypt(known.blob(), Map.of())).isEqualTo(PLAINTEXT);
            known = new State(known.key(), known.blob(), keys, rotations(client, known.key()));
            return known;
        }
    }

    private static void assertWorks(Client client, String key) {
        boolean signs =
                client.call(Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(key).build())
                                .getKeyMetadata()
                                .getKeyUsage()
                        == KeyUsageType.Value.SIGN_VERIFY;
        if (!signs) {
            byte[] fresh = client.encrypt(key, PLAINTEXT, Map.of());
            assertThat(client.decrypt(fresh, Map.of())).isEqualTo(PLAINTEXT);
            return;
        }
        SignRequest sign =
                SignRequest.newBuilder()
                        .setKeyId(key)
                        .setMessage(ByteString.copyFrom(PLAINTEXT))
                        .setSigningAlgorithm(SigningAlgorithmSpec.Value.ECDSA_SHA_256)
                        .build();
        VerifyRequest verify =
                VerifyRequest.newBuilder()
                        .setKeyId(key)
                        .setMessage(sign.getMessage())
                        .setSigningAlgorithm(sign.getSigningAlgorithm())
                        .setSignature(client.call(Rpc.SIGN, sign).getSignature())
                        .build();
        assertThat(client.call(Rpc.VERIFY, verify).getSignatureValid()).isTrue();
    }

    /** The rotations, without what the tests' own use of the material changes. */
    private static List<RotationsListEntry> rotations(Client client, String key) {
        return client.rotations(key).stream()
                .map(
                        entry ->
                                entry.toBuilder()
                                        .clearDecryptionCount()
                                        .clearLastEncryptionDate()
                                        .clearLastDecryptionDate()
                                        .build())
                .toList();
    }

    /** What there is after a start. */
    private record State(
            String key, byte[] blob, Set<String> keys, List<RotationsListEntry> rotations) {}
}
