package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.GenerateDataKeyRequest;
import io.keyhold.v1.GenerateDataKeyWithoutPlaintextRequest;
import io.keyhold.v1.GetKeyPolicyRequest;
import io.keyhold.v1.GetKeyPolicyResponse;
import io.keyhold.v1.GetKeyRotationStatusRequest;
import io.keyhold.v1.GetKeyRotationStatusResponse;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.ListKeyPoliciesRequest;
import io.keyhold.v1.ListKeyPoliciesResponse;
import io.keyhold.v1.ReEncryptRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Enable, disable, describe anew; policies and the rotation schedule as they can be read. */
final class KeyChangesIT {

    /** More than a start reserves, so that a batch is reserved meanwhile. */
    private static final int MANY = 2000;

    private static final int WINDOW = 64;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void aDisabledKeyDoesNothingUntilItIsEnabled(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        String other = client.createKey().getKeyId();
        byte[] blob = client.encrypt(key, new byte[] {1}, Map.of());
        byte[] otherBlob = client.encrypt(other, new byte[] {2}, Map.of());

        disable(client, key);
        disable(client, key);

        KeyMetadata described = describe(client, key);
        assertThat(described.getEnabled()).isFalse();
        assertThat(described.getKeyState()).isEqualTo(KeyState.Value.Disabled);
        for (Message.Builder use :
                List.<Message.Builder>of(
                        Client.encryptRequest(key, new byte[1], Map.of()).toBuilder(),
                        Client.decryptRequest(blob, Map.of()).toBuilder(),
                        GenerateDataKeyRequest.newBuilder().setKeyId(key).setNumberOfBytes(1),
                        GenerateDataKeyWithoutPlaintextRequest.newBuilder()
                                .setKeyId(key)
                                .setNumberOfBytes(1),
                        reEncrypt(blob, other),
                        reEncrypt(otherBlob, key),
                        RotateKeyOnDemandRequest.newBuilder().setKeyId(key))) {
            assertThat(Request.of(use).refusal(client))
                    .as(use.toString())
                    .isEqualTo(
                            new Refusal("DisabledException", described.getArn() + " is disabled."));
        }

        client.call(Rpc.ENABLE_KEY, EnableKeyRequest.newBuilder().setKeyId(key).build());
        assertThat(describe(client, key).getEnabled()).isTrue();
        assertThat(client.decrypt(blob, Map.of())).isEqualTo(new byte[] {1});
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptionIsReplaced(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (String description : List.of("first", "\u20AC".repeat(8192), "")) {
            client.call(
                    Rpc.UPDATE_DESCRIPTION,
                    UpdateKeyDescriptionRequest.newBuilder()
                            .setKeyId(key)
                            .setDescription(description)
                            .build());
            assertThat(describe(client, key).getDescription()).isEqualTo(description);
        }
        Refusal missing =
                Request.of(UpdateKeyDescriptionRequest.newBuilder().setKeyId(key)).refusal(client);
        assertThat(missing.text()).contains("Value null at 'description'");
        Refusal tooLong =
                Request.of(
                                UpdateKeyDescriptionRequest.newBuilder()
                                        .setKeyId(key)
                                        .setDescription("x".repeat(8193)))
                        .refusal(client);
        assertThat(tooLong.text()).contains("at 'description'", "less than or equal to 8192");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyHasAwssDefaultPolicyAndNoOther(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        GetKeyPolicyRequest.Builder request = GetKeyPolicyRequest.newBuilder().setKeyId(key);

        GetKeyPolicyResponse policy = client.call(Rpc.GET_POLICY, request.build());
        ListKeyPoliciesResponse names =
                client.call(
                        Rpc.LIST_POLICIES,
                        ListKeyPoliciesRequest.newBuilder().setKeyId(key).setLimit(1).build());

        assertThat(
                        JsonMapper.shared()
                                .readTree(policy.getPolicy())
                                .at("/Statement/0/Principal/AWS")
                                .asString())
                .isEqualTo("arn:aws:iam::123456789012:root");
        assertThat(policy.getPolicyName()).isEqualTo("default");
        assertThat(names.getPolicyNamesList()).containsExactly("default");
        assertThat(names.getTruncated()).isFalse();
        assertThat(client.call(Rpc.GET_POLICY, request.setPolicyName("default").build()))
                .isEqualTo(policy);
        assertThat(Request.of(request.setPolicyName("other")).refusal(client))
                .isEqualTo(new Refusal("NotFoundException", "No such policy exists"));
        assertThat(Request.of(request.setPolicyName("no-word")).refusal(client).name())
                .isEqualTo("ValidationException");
        Refusal marker =
                Request.of(ListKeyPoliciesRequest.newBuilder().setKeyId(key).setMarker("x"))
                        .refusal(client);
        assertThat(marker.name()).isEqualTo("InvalidMarkerException");
    }

    @ParameterizedTest
    @EnumSource
    void aKeyDoesNotRotateByItself(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        disable(client, key.getKeyId());

        GetKeyRotationStatusResponse status =
                client.call(
                        Rpc.GET_ROTATION_STATUS,
                        GetKeyRotationStatusRequest.newBuilder().setKeyId(key.getArn()).build());

        assertThat(status)
                .isEqualTo(
                        GetKeyRotationStatusResponse.newBuilder()
                                .setKeyId(key.getKeyId())
                                .setKeyRotationEnabled(false)
                                .build());
    }

    /** What was acknowledged is there after kill -9: changes, aliases, tags and counts. */
    @Test
    void changesSurviveAKill() throws ExecutionException, InterruptedException {
        try (Home home = Home.prepare()) {
            String key;
            Daemon killed = Daemon.start(home, Daemon.FAST_START);
            try (Client client = Listener.UNIX.connect(killed)) {
                key = client.createKey().getKeyId();
                encrypt(client, key, MANY);
                disable(client, key);
            }
            killed.kill();
            assertThat(new Database(home).encryptions()).singleElement().matches(n -> n >= MANY);

            try (Daemon again = Daemon.start(home, Daemon.FAST_START);
                    Client client = Listener.UNIX.connect(again)) {
                assertThat(describe(client, key).getKeyState()).isEqualTo(KeyState.Value.Disabled);
            }
        }
    }

    private static void encrypt(Client client, String key, int times)
            throws ExecutionException, InterruptedException {
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            calls.add(client.begin(Rpc.ENCRYPT, Client.encryptRequest(key, new byte[1], Map.of())));
            if (calls.size() == WINDOW) {
                calls.removeFirst().get();
            }
        }
        for (Future<?> call : calls) {
            call.get();
        }
    }

    private static ReEncryptRequest.Builder reEncrypt(byte[] blob, String destination) {
        return ReEncryptRequest.newBuilder()
                .setCiphertextBlob(ByteString.copyFrom(blob))
                .setDestinationKeyId(destination);
    }

    private static void disable(Client client, String key) {
        client.call(Rpc.DISABLE_KEY, DisableKeyRequest.newBuilder().setKeyId(key).build());
    }

    private static KeyMetadata describe(Client client, String key) {
        return client.call(Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(key).build())
                .getKeyMetadata();
    }
}
