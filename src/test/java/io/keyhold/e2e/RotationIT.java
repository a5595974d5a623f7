package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.IncludeKeyMaterial;
import io.keyhold.v1.KeyMaterialState;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeyRotationsResponse;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import io.keyhold.v1.RotationType;
import io.keyhold.v1.RotationsListEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rotate, list rotations, and what the token then holds. */
final class RotationIT {

    private static final int MOST_ROTATIONS = 25;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @ParameterizedTest
    @EnumSource
    void everyMaterialDecryptsAndTheTokenHoldsOneObjectEach(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        List<byte[]> blobs = new ArrayList<>();
        for (int generation = 1; generation <= 3; generation++) {
            blobs.add(client.encrypt(key.getKeyId(), plaintext(generation), Map.of()));
            client.rotate(generation == 2 ? key.getArn() : key.getKeyId());
        }
        for (int generation = 1; generation <= 3; generation++) {
            assertThat(client.decrypt(blobs.get(generation - 1), Map.of()))
                    .isEqualTo(plaintext(generation));
        }
        List<String> labels =
                one.home().token().objects().stream()
                        .map(Token.TokenObject::label)
                        .filter(label -> label.contains(key.getKeyId()))
                        .toList();
        assertThat(labels)
                .extracting(label -> label.substring(0, label.lastIndexOf('/')))
                .containsExactlyInAnyOrder(
                        "keyhold/" + key.getKeyId() + "/1",
                        "keyhold/" + key.getKeyId() + "/2",
                        "keyhold/" + key.getKeyId() + "/3",
                        "keyhold/" + key.getKeyId() + "/4");
    }

    @ParameterizedTest
    @EnumSource
    void rotationsAreListedOldestFirst(Listener listener) {
        Client client = one.client(listener);
        KeyMetadata key = client.createKey();
        assertThat(client.rotations(key.getKeyId())).isEmpty();
        for (int i = 0; i < 5; i++) {
            client.rotate(key.getKeyId());
        }
        List<RotationsListEntry> rotations = client.rotations(key.getArn());
        assertThat(rotations).hasSize(5);
        for (RotationsListEntry rotation : rotations) {
            assertThat(rotation.getKeyId()).isEqualTo(key.getKeyId());
            assertThat(rotation.getRotationType()).isEqualTo(RotationType.Value.ON_DEMAND);
            assertThat(rotation.getRotationDate().getSeconds())
                    .isGreaterThanOrEqualTo(key.getCreationDate().getSeconds());
            assertThat(rotation.hasKeyMaterialState()).isFalse();
        }
        assertThat(rotations)
                .extracting(RotationsListEntry::getKeyMaterialId)
                .doesNotHaveDuplicates()
                .doesNotContain(key.getCurrentKeyMaterialId());
        assertThat(paged(client, key.getKeyId(), 2)).isEqualTo(rotations);

        List<RotationsListEntry> all = allMaterial(client, key.getKeyId());
        assertThat(all).hasSize(6);
        assertThat(all.getFirst().getKeyMaterialId()).isEqualTo(key.getCurrentKeyMaterialId());
        assertThat(all.getFirst().hasRotationDate()).isFalse();
        assertThat(all)
                .extracting(RotationsListEntry::getKeyMaterialState)
                .containsExactly(
                        KeyMaterialState.Value.NON_CURRENT,
                        KeyMaterialState.Value.NON_CURRENT,
                        KeyMaterialState.Value.NON_CURRENT,
                        KeyMaterialState.Value.NON_CURRENT,
                        KeyMaterialState.Value.NON_CURRENT,
                        KeyMaterialState.Value.CURRENT);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyRotatesOnDemandTwentyFiveTimes(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        for (int i = 0; i < MOST_ROTATIONS; i++) {
            client.rotate(key);
        }
        assertThat(Refusal.of(() -> client.rotate(key)).name()).isEqualTo("LimitExceededException");
        assertThat(client.rotations(key)).hasSize(MOST_ROTATIONS);
        byte[] blob = client.encrypt(key, plaintext(1), Map.of());
        assertThat(client.decrypt(blob, Map.of())).isEqualTo(plaintext(1));
    }

    @ParameterizedTest
    @EnumSource
    void aMarkerOfAnotherKeyOrVerbIsRefused(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        String other = client.createKey().getKeyId();
        client.rotate(key);
        client.rotate(key);
        String marker = page(client, key, 1, "").getNextMarker();
        assertThat(page(client, key, 1, marker).getRotationsCount()).isEqualTo(1);
        for (String foreign : List.of(marker.substring(1), "x", "AAAA")) {
            assertThat(Refusal.of(() -> page(client, key, 1, foreign)).name())
                    .isEqualTo("InvalidMarkerException");
        }
        assertThat(Refusal.of(() -> page(client, other, 1, marker)).name())
                .isEqualTo("InvalidMarkerException");
    }

    @ParameterizedTest
    @EnumSource
    void anAliasDoesNotRotate(Listener listener) {
        Client client = one.client(listener);
        RotateKeyOnDemandRequest request =
                RotateKeyOnDemandRequest.newBuilder().setKeyId("alias/mine").build();
        assertThat(Refusal.of(() -> client.call(Rpc.ROTATE, request)))
                .isEqualTo(
                        new Refusal(
                                "InvalidArnException",
                                "Key Aliases are not supported for this operation."));
    }

    private static byte[] plaintext(int generation) {
        return ("plaintext " + generation).getBytes(UTF_8);
    }

    private static ListKeyRotationsResponse page(
            Client client, String key, int limit, String marker) {
        ListKeyRotationsRequest.Builder request =
                ListKeyRotationsRequest.newBuilder().setKeyId(key).setLimit(limit);
        if (!marker.isEmpty()) {
            request.setMarker(marker);
        }
        return client.call(Rpc.LIST_ROTATIONS, request.build());
    }

    private static List<RotationsListEntry> paged(Client client, String key, int limit) {
        List<RotationsListEntry> all = new ArrayList<>();
        ListKeyRotationsResponse page = page(client, key, limit, "");
        while (page.getTruncated()) {
            assertThat(page.getRotationsCount()).isEqualTo(limit);
            all.addAll(page.getRotationsList());
            page = page(client, key, limit, page.getNextMarker());
        }
        assertThat(page.hasNextMarker()).isFalse();
        all.addAll(page.getRotationsList());
        return all;
    }

    private static List<RotationsListEntry> allMaterial(Client client, String key) {
        return client.call(
                        Rpc.LIST_ROTATIONS,
                        ListKeyRotationsRequest.newBuilder()
                                .setKeyId(key)
                                .setIncludeKeyMaterial(IncludeKeyMaterial.Value.ALL_KEY_MATERIAL)
                                .build())
                .getRotationsList();
    }
}
