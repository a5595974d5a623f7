package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.keyhold.e2e.Ledger.Ciphertext;
import io.keyhold.e2e.Ledger.Ending;
import io.keyhold.e2e.Ledger.Key;
import io.keyhold.v1.DecryptResponse;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptResponse;
import io.keyhold.v1.KeyListEntry;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeyState;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeyRotationsResponse;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ListKeysResponse;
import io.keyhold.v1.RotationsListEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;

/** R1: a restarted daemon against what the clients of the killed one were told. */
final class Comparison {

    private static final int WINDOW = 500;

    private final Ledger ledger;
    private final Client client;

    Comparison(Ledger ledger, Client client) {
        this.ledger = ledger;
        this.client = client;
    }

    /**
     * Every acknowledged key is there, and at most one more for each creation without an answer.
     */
    void keys() {
        List<String> listed = listedKeys();
        assertThat(listed).doesNotHaveDuplicates().containsAll(ledger.keys.keySet());
        assertThat(listed).noneMatch(ledger.deleted::contains);
        List<String> more = new ArrayList<>(listed);
        more.removeAll(ledger.keys.keySet());
        more.removeAll(ledger.endings.keySet());
        int most = ledger.unansweredCreations.getAndSet(0);
        assertThat(more).as("at most %d keys more", most).hasSizeLessThanOrEqualTo(most);
        more.forEach(this::found);
    }

    /** A key that cannot encrypt takes part as one that may end. */
    private void found(String id) {
        if (describe(id).getKeyUsage() == KeyUsageType.Value.ENCRYPT_DECRYPT) {
            ledger.found(id);
        } else {
            ledger.endings.put(id, new Ending(id));
        }
    }

    /** Every key whose time has come is gone; the others are in the state that was acknowledged. */
    void endings() {
        for (Ending one : ledger.endings.values()) {
            if (one.due) {
                awaitEnd(one.id);
                ledger.endings.remove(one.id);
                ledger.deleted.add(one.id);
            } else {
                KeyState.Value state = describe(one.id).getKeyState();
                assertThat(one.possible).as(one.id).contains(state);
                one.asked(state, true);
            }
        }
    }

    private void awaitEnd(String id) {
        Awaitility.await()
                .pollInSameThread()
                .untilAsserted(
                        () ->
                                assertThat(Refusal.of(() -> describe(id)).name())
                                        .isEqualTo("NotFoundException"));
    }

    private KeyMetadata describe(String id) {
        return client.call(Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(id).build())
                .getKeyMetadata();
    }

    /** Every acknowledged rotation is listed, in order, and at most one more for each without. */
    void rotations() throws ExecutionException, InterruptedException {
        Map<Key, Future<ListKeyRotationsResponse>> calls = new LinkedHashMap<>();
        for (Key key : ledger.keys.values()) {
            ListKeyRotationsRequest request =
                    ListKeyRotationsRequest.newBuilder().setKeyId(key.id).build();
            calls.put(key, client.begin(Rpc.LIST_ROTATIONS, request));
        }
        for (Map.Entry<Key, Future<ListKeyRotationsResponse>> call : calls.entrySet()) {
            Key key = call.getKey();
            List<String> materials =
                    call.getValue().get().getRotationsList().stream()
                            .map(RotationsListEntry::getKeyMaterialId)
                            .toList();
            int acknowledged = key.rotations.get();
            int most = acknowledged + key.unanswered.getAndSet(0);
            assertThat(materials.size())
                    .as("rotations of %s", key.id)
                    .isBetween(acknowledged, most);
            assertThat(materials).doesNotHaveDuplicates();
            assertThat(materials.subList(0, key.seen.size())).isEqualTo(key.seen);
            key.seen = materials;
            key.rotations.set(materials.size());
        }
    }

    /** Every key encrypts. */
    void usable(Collection<Key> keys) throws ExecutionException, InterruptedException {
        List<ListenableFuture<EncryptResponse>> calls = new ArrayList<>();
        for (Key key : keys) {
            calls.add(
                    client.begin(
                            Rpc.ENCRYPT, Client.encryptRequest(key.id, new byte[1], Map.of())));
        }
        for (Future<EncryptResponse> call : calls) {
            assertThat(call.get().getCiphertextBlob()).isNotEmpty();
        }
    }

    /** Every ciphertext decrypts to what was encrypted. */
    void open(List<Ciphertext> ciphertexts) throws ExecutionException, InterruptedException {
        for (int from = 0; from < ciphertexts.size(); from += WINDOW) {
            List<Ciphertext> some =
                    ciphertexts.subList(from, Math.min(from + WINDOW, ciphertexts.size()));
            List<Future<DecryptResponse>> calls = new ArrayList<>();
            for (Ciphertext one : some) {
                calls.add(
                        client.begin(
                                Rpc.DECRYPT, Client.decryptRequest(one.blob(), one.context())));
            }
            for (int i = 0; i < some.size(); i++) {
                assertThat(calls.get(i).get().getPlaintext().toByteArray())
                        .isEqualTo(some.get(i).plaintext());
            }
        }
    }

    private List<String> listedKeys() {
        List<String> listed = new ArrayList<>();
        ListKeysRequest.Builder request = ListKeysRequest.newBuilder().setLimit(1000);
        ListKeysResponse page;
        do {
            page = client.call(Rpc.LIST_KEYS, request.build());
            page.getKeysList().stream().map(KeyListEntry::getKeyId).forEach(listed::add);
            request.setMarker(page.getNextMarker());
        } while (page.getTruncated());
        return listed;
    }
}
