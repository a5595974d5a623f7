package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DecryptResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R23: a ciphertext that was changed in any way does not open, and does not say why. */
final class IntegrityIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);
    private static final Map<String, String> CONTEXT = Map.of("a", "b");

    private static final Refusal INVALID = new Refusal("InvalidCiphertextException", "");
    private static final Refusal DENIED =
            new Refusal(
                    "AccessDeniedException",
                    "The ciphertext refers to a customer master key that does not exist, does not"
                            + " exist in this region, or you are not allowed to access.");

    /** Bit 7 of byte 1: the flag for multi-Region keys, which is part of the key's name. */
    private static final int MULTI_REGION_BIT = 15;

    private static final int KEY_ID_FIRST_BIT = 2 * 8;
    private static final int KEY_ID_END_BIT = 18 * 8;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    /**
     * The bits that name the key name another one when flipped: nobody may learn which keys there
     * are, so that is AccessDenied, as for any unknown key. All others are one and the same answer.
     */
    @ParameterizedTest
    @EnumSource
    void everyFlippedBitIsRefused(Listener listener) {
        Client client = one.client(listener);
        byte[] blob = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, CONTEXT);
        Map<Refusal, Set<Integer>> bits = flipAll(client, blob, UnaryOperator.identity());

        Set<Integer> naming = new HashSet<>(Set.of(MULTI_REGION_BIT));
        for (int bit = KEY_ID_FIRST_BIT; bit < KEY_ID_END_BIT; bit++) {
            naming.add(bit);
        }
        assertThat(bits).containsOnlyKeys(INVALID, DENIED).containsEntry(DENIED, naming);
        assertThat(bits.get(INVALID)).hasSize(blob.length * 8 - naming.size());
        assertThat(client.decrypt(blob, CONTEXT)).isEqualTo(PLAINTEXT);
    }

    @ParameterizedTest
    @EnumSource
    void everyFlippedBitIsRefusedWhenTheKeyIsNamed(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        byte[] blob = client.encrypt(key, PLAINTEXT, CONTEXT);
        Map<Refusal, Set<Integer>> bits =
                flipAll(client, blob, request -> request.toBuilder().setKeyId(key).build());
        Refusal incorrect =
                new Refusal(
                        "IncorrectKeyException",
                        "The key ID in the request does not identify a CMK that can perform this"
                                + " operation.");
        assertThat(bits).containsOnlyKeys(INVALID, incorrect);
        assertThat(bits.get(incorrect)).hasSize(KEY_ID_END_BIT - KEY_ID_FIRST_BIT + 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationIsRefused(Listener listener) {
        Client client = one.client(listener);
        byte[] blob = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, CONTEXT);
        for (int length = 1; length < blob.length; length++) {
            byte[] cut = Arrays.copyOf(blob, length);
            assertThat(Refusal.of(() -> client.decrypt(cut, CONTEXT))).isEqualTo(INVALID);
            byte[] tail = Arrays.copyOfRange(blob, blob.length - length, blob.length);
            assertThat(Refusal.of(() -> client.decrypt(tail, CONTEXT))).isEqualTo(INVALID);
        }
        for (int more : new int[] {1, 16, 64, 6144 - blob.length}) {
            byte[] longer = Arrays.copyOf(blob, blob.length + more);
            assertThat(Refusal.of(() -> client.decrypt(longer, CONTEXT))).isEqualTo(INVALID);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOtherVersionAndAlgorithmIsRefused(Listener listener) {
        Client client = one.client(listener);
        byte[] blob = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, CONTEXT);
        for (int place : new int[] {0, 1}) {
            for (int value = 0; value < 256; value++) {
                byte[] other = blob.clone();
                other[place] = (byte) value;
                boolean multiRegion = place == 1 && value == 0x81; // names another key
                if (value != blob[place] && !multiRegion) {
                    assertThat(Refusal.of(() -> client.decrypt(other, CONTEXT)))
                            .as("byte %d is %d", place, value)
                            .isEqualTo(INVALID);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void piecesOfTwoCiphertextsDoNotMakeAThird(Listener listener) {
        Client client = one.client(listener);
        String key = client.createKey().getKeyId();
        byte[] first = client.encrypt(key, PLAINTEXT, CONTEXT);
        client.rotate(key);
        byte[] second = client.encrypt(key, PLAINTEXT, CONTEXT);
        byte[] another = client.encrypt(client.createKey().getKeyId(), PLAINTEXT, CONTEXT);
        int untilKeyId = KEY_ID_END_BIT / 8;
        int[] joints = {untilKeyId, untilKeyId + 16, untilKeyId + 28, first.length - 16};
        for (int joint : joints) {
            for (byte[] other : new byte[][] {second, another}) {
                byte[] mixed = first.clone();
                System.arraycopy(other, joint, mixed, joint, mixed.length - joint);
                if (!Arrays.equals(mixed, second)) {
                    assertThat(Refusal.of(() -> client.decrypt(mixed, CONTEXT))).isEqualTo(INVALID);
                }
            }
        }
    }

    private static Map<Refusal, Set<Integer>> flipAll(
            Client client, byte[] blob, UnaryOperator<DecryptRequest> also) {
        List<Future<DecryptResponse>> calls = new ArrayList<>();
        for (int bit = 0; bit < blob.length * 8; bit++) {
            byte[] flipped = blob.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            DecryptRequest request = also.apply(Client.decryptRequest(flipped, CONTEXT));
            calls.add(client.begin(Rpc.DECRYPT, request));
        }
        Map<Refusal, Set<Integer>> bits = new HashMap<>();
        for (int bit = 0; bit < calls.size(); bit++) {
            bits.computeIfAbsent(Refusal.of(calls.get(bit)), r -> new HashSet<>()).add(bit);
        }
        return bits;
    }
}
