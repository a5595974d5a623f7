package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.CustomerMasterKeySpec;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.OriginType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Create, describe and list keys. */
final class KeysIT {

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void aNewKeyIsDescribedAsAwsDoes(Listener listener) {
        Client client = one.client(listener);
        Instant before = Instant.now();
        KeyMetadata key =
                client.call(
                                Rpc.CREATE_KEY,
                                CreateKeyRequest.newBuilder().setDescription("for \u20AC").build())
                        .getKeyMetadata();

        assertThat(key.getKeyId()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(key.getArn())
                .isEqualTo("arn:aws:kms:us-east-1:123456789012:key/" + key.getKeyId());
        assertThat(key.getAwsAccountId()).isEqualTo("123456789012");
        assertThat(key.getDescription()).isEqualTo("for \u20AC");
        assertThat(key.getEnabled()).isTrue();
        assertThat(key.getKeyState()).isEqualTo(KeyState.Value.Enabled);
        assertThat(key.getKeySpec()).isEqualTo(KeySpec.Value.SYMMETRIC_DEFAULT);
        assertThat(key.getCustomerMasterKeySpec())
                .isEqualTo(CustomerMasterKeySpec.Value.SYMMETRIC_DEFAULT);
        assertThat(key.getKeyUsage()).isEqualTo(KeyUsageType.Value.ENCRYPT_DECRYPT);
        assertThat(key.getOrigin()).isEqualTo(OriginType.Value.AWS_KMS);
        assertThat(key.getKeyManager()).isEqualTo(KeyManagerType.Value.CUSTOMER);
        assertThat(key.getEncryptionAlgorithmsList())
                .containsExactly(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT);
        assertThat(key.getMultiRegion()).isFalse();
        assertThat(key.getCurrentKeyMaterialId()).matches("[0-9a-f]{64}");
        assertThat(key.hasDeletionDate() || key.hasValidTo() || key.hasCustomKeyStoreId())
                .isFalse();
        Instant created = Instant.ofEpochSecond(key.getCreationDate().getSeconds());
        assertThat(created).isBetween(before.minus(Duration.ofSeconds(1)), Instant.now());

        assertThat(describe(client, key.getKeyId())).isEqualTo(key);
        assertThat(describe(client, key.getArn())).isEqualTo(key);
    }

    @ParameterizedTest
    @EnumSource
    void theDefaultsMayBeSpelledOut(Listener listener) {
        for (CreateKeyRequest.Builder spelled :
                List.of(
                        CreateKeyRequest.newBuilder().setKeySpec(KeySpec.Value.SYMMETRIC_DEFAULT),
                        CreateKeyRequest.newBuilder()
                                .setCustomerMasterKeySpec(
                                        CustomerMasterKeySpec.Value.SYMMETRIC_DEFAULT),
                        CreateKeyRequest.newBuilder()
                                .setMultiRegion(false)
                                .setBypassPolicyLockoutSafetyCheck(false))) {
            CreateKeyRequest request =
                    spelled.setKeyUsage(KeyUsageType.Value.ENCRYPT_DECRYPT)
                            .setOrigin(OriginType.Value.AWS_KMS)
                            .build();
            assertThat(
                            one.client(listener)
                                    .call(Rpc.CREATE_KEY, request)
                                    .getKeyMetadata()
                                    .getKeySpec())
                    .isEqualTo(KeySpec.Value.SYMMETRIC_DEFAULT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void pagesListEveryKeyOnce(int limit) {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            made.add(one.client().createKey().getKeyId());
        }
        for (Listener listener : Listener.values()) {
            List<String> listed = listAll(one.client(listener), limit);
            assertThat(listed).doesNotHaveDuplicates().containsAll(made);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageHoldsHundredKeysByDefault(Listener listener) {
        Client client = one.client(listener);
        while (listAll(client, 1000).size() <= 100) {
            client.createKey();
        }
        ListKeysResponse first = client.call(Rpc.LIST_KEYS, ListKeysRequest.getDefaultInstance());
        assertThat(first.getKeysCount()).isEqualTo(100);
        assertThat(first.getTruncated()).isTrue();
        assertThat(first.getNextMarker()).isNotEmpty();
        KeyListEntry entry = first.getKeys(0);
        assertThat(entry.getKeyArn()).endsWith(":key/" + entry.getKeyId());
    }

    @ParameterizedTest
    @EnumSource
    void aForeignMarkerIsRefused(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        client.rotate(key.getKeyId());
        client.rotate(key.getKeyId());
        String ofRotations =
                client.call(
                                Rpc.LIST_ROTATIONS,
                                ListKeyRotationsRequest.newBuilder()
                                        .setKeyId(key.getKeyId())
                                        .setLimit(1)
                                        .build())
                        .getNextMarker();
        assertThat(ofRotations).isNotEmpty();
        for (String marker : List.of("x", "AAAA", "a marker", key.getKeyId(), ofRotations)) {
            Refusal refusal = Refusal.of(() -> list(client, 10, marker));
            assertThat(refusal.name()).as(marker).isEqualTo("InvalidMarkerException");
            assertThat(refusal.text()).contains("ListKeys");
        }
    }

    private static KeyMetadata describe(Client client, String keyId) {
        return client.call(
                        Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(keyId).build())
                .getKeyMetadata();
    }

    private static ListKeysResponse list(Client client, int limit, String marker) {
        ListKeysRequest.Builder request = ListKeysRequest.newBuilder().setLimit(limit);
        if (!marker.isEmpty()) {
            request.setMarker(marker);
        }
        return client.call(Rpc.LIST_KEYS, request.build());
    }

    private static List<String> listAll(Client client, int limit) {
        List<String> all = new ArrayList<>();
        ListKeysResponse page = list(client, limit, "");
        while (true) {
            assertThat(page.getKeysCount()).isLessThanOrEqualTo(limit);
            page.getKeysList().forEach(entry -> all.add(entry.getKeyId()));
            if (!page.getTruncated()) {
                assertThat(page.hasNextMarker()).isFalse();
                return all;
            }
            page = list(client, limit, page.getNextMarker());
        }
    }
}
