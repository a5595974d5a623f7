package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.KeyState;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R1, R2: the process kills itself while material is imported or deleted. What was not acknowledged
 * may have come about or not; what was encrypted decrypts once the material is there.
 */
final class ImportCrashIT {

    private static final byte[] PLAINTEXT = {1, 2, 3};

    private static Home home;
    private static String key;
    private static ImportKeyMaterialRequest request;
    private static byte[] blob;

    @BeforeAll
    static void prepare() {
        home = Home.prepare();
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.TLS.connect(daemon)) {
            key = Imports.external(client);
            request = Imports.request(client, key);
            client.call(Rpc.IMPORT, request);
            blob = client.encrypt(key, PLAINTEXT, Map.of());
        }
    }

    @AfterAll
    static void remove() {
        home.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MATERIAL_BEGUN", "MATERIAL_GENERATED", "MATERIAL_ACTIVATED"})
    void theFirstImport(String point) {
        String fresh;
        ImportKeyMaterialRequest first;
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.TLS.connect(daemon)) {
            fresh = Imports.external(client);
            first = Imports.request(client, fresh);
        }
        crash(point, client -> client.call(Rpc.IMPORT, first));
        recover(
                client -> {
                    assertThat(state(client, fresh) == KeyState.Value.Enabled)
                            .isEqualTo(point.equals("MATERIAL_ACTIVATED"));
                    client.call(Rpc.IMPORT, first);
                    byte[] sealed = client.encrypt(fresh, PLAINTEXT, Map.of());
                    assertThat(client.decrypt(sealed, Map.of())).isEqualTo(PLAINTEXT);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"MATERIAL_BEGUN", "MATERIAL_GENERATED", "MATERIAL_ACTIVATED"})
    void theSameMaterialAgain(String point) {
        recover(client -> client.call(Rpc.DELETE_IMPORTED, deletion()));
        crash(point, client -> client.call(Rpc.IMPORT, request));
        recover(
                client -> {
                    assertThat(state(client, key) == KeyState.Value.Enabled)
                            .isEqualTo(point.equals("MATERIAL_ACTIVATED"));
                    client.call(Rpc.IMPORT, request);
                    assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"DESTRUCTION_BEGUN", "OBJECT_DESTROYED"})
    void itsDeletion(String point) {
        crash(point, client -> client.call(Rpc.DELETE_IMPORTED, deletion()));
        recover(
                client -> {
                    assertThat(state(client, key)).isEqualTo(KeyState.Value.PendingImport);
                    client.call(Rpc.IMPORT, request);
                    assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
                });
    }

    private static DeleteImportedKeyMaterialRequest deletion() {
        return DeleteImportedKeyMaterialRequest.newBuilder().setKeyId(key).build();
    }

    private static void crash(String point, Consumer<Client> act) {
        Daemon.crash(home, point, Listener.TLS::connect, act);
    }

    private static void recover(Consumer<Client> then) {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            Consistency.awaitIn(home);
            then.accept(client);
            Consistency.assertIn(home);
        }
    }

    private static KeyState.Value state(Client client, String keyId) {
        return client.call(
                        Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(keyId).build())
                .getKeyMetadata()
                .getKeyState();
    }
}
