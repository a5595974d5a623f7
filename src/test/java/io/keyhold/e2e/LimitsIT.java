package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every limit of the verbs' fields: its edge passes, one past it does not, in AWS's words. */
final class LimitsIT {

    private static final int LONGEST_KEY_ID = 2048;
    private static final int LONGEST_MARKER = 1024;
    private static final int LONGEST_PLAINTEXT = 4096;
    private static final int LONGEST_CIPHERTEXT = 6144;
    private static final int LONGEST_DESCRIPTION = 8192;

    /** 8192 less the number of entries and the two lengths, 2 bytes each, and a name of one. */
    private static final int LONGEST_CONTEXT_VALUE = 8192 - 7;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static String key;

    @BeforeAll
    static void makeAKey() {
        key = one.client().createKey().getKeyId();
    }

    @ParameterizedTest
    @EnumSource
    void theEdgesPass(Listener listener) {
        Client client = one.client(listener);
        for (int limit : new int[] {1, 1000}) {
            ListKeysRequest keys = ListKeysRequest.newBuilder().setLimit(limit).build();
            ListKeyRotationsRequest rotations =
                    ListKeyRotationsRequest.newBuilder().setKeyId(key).setLimit(limit).build();
            assertThat(client.call(Rpc.LIST_KEYS, keys).getKeysCount()).isPositive();
            assertThat(client.call(Rpc.LIST_ROTATIONS, rotations).getRotationsCount()).isZero();
        }
        for (String description : List.of("", "\u20AC".repeat(LONGEST_DESCRIPTION))) {
            CreateKeyRequest create =
                    CreateKeyRequest.newBuilder().setDescription(description).build();
            assertThat(client.call(Rpc.CREATE_KEY, create).getKeyMetadata().getDescription())
                    .isEqualTo(description);
        }
        for (int length : new int[] {1, LONGEST_PLAINTEXT}) {
            byte[] plaintext = new byte[length];
            assertThat(client.decrypt(client.encrypt(key, plaintext, Map.of()), Map.of()))
                    .isEqualTo(plaintext);
        }
        for (Map<String, String> context :
                List.of(Map.of("k", "v".repeat(LONGEST_CONTEXT_VALUE)), manyEntries(1023))) {
            byte[] blob = client.encrypt(key, new byte[1], context);
            assertThat(client.decrypt(blob, context)).isEqualTo(new byte[1]);
        }
    }

    /** Edges of fields that no good value reaches: the next check refuses, not the limit. */
    @ParameterizedTest
    @EnumSource
    void theEdgesOfWhatCannotSucceedPassToo(Listener listener) {
        Client client = one.client(listener);
        for (int length : new int[] {1, LONGEST_KEY_ID}) {
            for (Bound named : keyIds("k".repeat(length))) {
                assertThat(named.refusal(client).name()).isEqualTo("NotFoundException");
            }
        }
        for (int length : new int[] {1, LONGEST_MARKER}) {
            for (Bound marked : markers("\u00FF".repeat(length))) {
                assertThat(marked.refusal(client).name()).isEqualTo("InvalidMarkerException");
            }
        }
        for (int length : new int[] {1, LONGEST_CIPHERTEXT}) {
            assertThat(Refusal.of(() -> client.decrypt(new byte[length], Map.of())).name())
                    .isEqualTo("InvalidCiphertextException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void onePastTheEdgeIsRefused(Listener listener) {
        Client client = one.client(listener);
        for (Bound bound : pastTheEdge()) {
            Refusal refusal = bound.refusal(client);
            assertThat(refusal.name())
                    .as("%s: %s", bound, refusal)
                    .isEqualTo("ValidationException");
            assertThat(refusal.text())
                    .startsWith("1 validation error detected: Value")
                    .contains(" at '" + bound.field() + "' failed to satisfy constraint: Member")
                    .endsWith(bound.must());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMissingFieldIsRefused(Listener listener) {
        Client client = one.client(listener);
        for (Bound bound :
                List.of(
                        bound(DescribeKeyRequest.newBuilder(), "keyId"),
                        bound(EncryptRequest.newBuilder().setPlaintext(bytes(1)), "keyId"),
                        bound(EncryptRequest.newBuilder().setKeyId(key), "plaintext"),
                        bound(DecryptRequest.newBuilder().setKeyId(key), "ciphertextBlob"),
                        bound(RotateKeyOnDemandRequest.newBuilder(), "keyId"),
                        bound(ListKeyRotationsRequest.newBuilder(), "keyId"))) {
            assertThat(bound.refusal(client))
                    .isEqualTo(
                            new Refusal(
                                    "ValidationException",
                                    "1 validation error detected: Value"
                                            + (bound.field().equals("plaintext") ? "" : " null")
                                            + " at '"
                                            + bound.field()
                                            + "' failed to satisfy constraint: Member must not be"
                                            + " null"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void allThatIsWrongIsSaidAtOnce(Listener listener) {
        ListKeyRotationsRequest request =
                ListKeyRotationsRequest.newBuilder().setLimit(0).setMarker("").build();
        Refusal refusal = Refusal.of(() -> one.client(listener).call(Rpc.LIST_ROTATIONS, request));
        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text())
                .startsWith("3 validation errors detected: ")
                .contains("'keyId'", "'limit'", "'marker'");
    }

    @ParameterizedTest
    @EnumSource
    void anEncryptionContextHasItsOwnLimits(Listener listener) {
        Client client = one.client(listener);
        byte[] blob = client.encrypt(key, new byte[1], Map.of());
        for (Map<String, String> context :
                List.of(
                        Map.of("k", "v".repeat(LONGEST_CONTEXT_VALUE + 1)),
                        Map.of("k", "\u20AC".repeat(LONGEST_CONTEXT_VALUE / 3 + 1)),
                        manyEntries(1024),
                        Map.of("", "an empty name"))) {
            for (Refusal refusal :
                    List.of(
                            Refusal.of(() -> client.encrypt(key, new byte[1], context)),
                            Refusal.of(() -> client.decrypt(blob, context)))) {
                assertThat(refusal.name()).isEqualTo("ValidationException");
                assertThat(refusal.text()).startsWith("EncryptionContext ");
            }
        }
    }

    /** Names of 4 bytes and no values: 8 bytes an entry, so 1023 of them and 2 bytes fit. */
    private static Map<String, String> manyEntries(int number) {
        Map<String, String> entries = new java.util.HashMap<>();
        for (int i = 0; i < number; i++) {
            entries.put("%04d".formatted(i), "");
        }
        return entries;
    }

    private static List<Bound> pastTheEdge() {
        List<Bound> past = new ArrayList<>();
        for (Bound empty : keyIds("")) {
            past.add(empty.must("have length greater than or equal to 1"));
        }
        for (Bound longer : keyIds("k".repeat(LONGEST_KEY_ID + 1))) {
            past.add(longer.must("have length less than or equal to 2048"));
        }
        for (Bound empty : markers("")) {
            past.add(empty.must("have length greater than or equal to 1"));
        }
        for (Bound longer : markers("m".repeat(LONGEST_MARKER + 1))) {
            past.add(longer.must("have length less than or equal to 1024"));
        }
        for (String outside : List.of("\n", "a\u001F", "\u0100", "\u0000")) {
            for (Bound other : markers(outside)) {
                past.add(other.must("satisfy regular expression pattern: [\\u0020-\\u00FF]*"));
            }
        }
        for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
            for (Bound small : limits(limit)) {
                past.add(small.must("have value greater than or equal to 1"));
            }
        }
        for (int limit : new int[] {1001, Integer.MAX_VALUE}) {
            for (Bound large : limits(limit)) {
                past.add(large.must("have value less than or equal to 1000"));
            }
        }
        past.add(
                bound(
                                CreateKeyRequest.newBuilder()
                                        .setDescription("d".repeat(LONGEST_DESCRIPTION + 1)),
                                "description")
                        .must("have length less than or equal to 8192"));
        past.add(plaintext(0).must("have length greater than or equal to 1"));
        past.add(plaintext(LONGEST_PLAINTEXT + 1).must("have length less than or equal to 4096"));
        past.add(ciphertext(0).must("have length greater than or equal to 1"));
        past.add(ciphertext(LONGEST_CIPHERTEXT + 1).must("have length less than or equal to 6144"));
        return past;
    }

    private static List<Bound> keyIds(String id) {
        return List.of(
                bound(DescribeKeyRequest.newBuilder().setKeyId(id), "keyId"),
                bound(EncryptRequest.newBuilder().setKeyId(id).setPlaintext(bytes(1)), "keyId"),
                bound(
                        DecryptRequest.newBuilder()
                                .setKeyId(id)
                                .setCiphertextBlob(
                                        ByteString.copyFrom(
                                                one.client().encrypt(key, new byte[1], Map.of()))),
                        "keyId"),
                bound(RotateKeyOnDemandRequest.newBuilder().setKeyId(id), "keyId"),
                bound(ListKeyRotationsRequest.newBuilder().setKeyId(id), "keyId"));
    }

    private static List<Bound> markers(String marker) {
        return List.of(
                bound(ListKeysRequest.newBuilder().setMarker(marker), "marker"),
                bound(
                        ListKeyRotationsRequest.newBuilder().setKeyId(key).setMarker(marker),
                        "marker"));
    }

    private static List<Bound> limits(int limit) {
        return List.of(
                bound(ListKeysRequest.newBuilder().setLimit(limit), "limit"),
                bound(ListKeyRotationsRequest.newBuilder().setKeyId(key).setLimit(limit), "limit"));
    }

    private static Bound plaintext(int length) {
        return bound(
                EncryptRequest.newBuilder().setKeyId(key).setPlaintext(bytes(length)), "plaintext");
    }

    private static Bound ciphertext(int length) {
        return bound(
                DecryptRequest.newBuilder().setCiphertextBlob(bytes(length)), "ciphertextBlob");
    }

    private static ByteString bytes(int length) {
        return ByteString.copyFrom(new byte[length]);
    }

    private static Bound bound(Message.Builder request, String field) {
        return new Bound(Request.of(request), field, "");
    }

    /** A request at or past a limit of one field, and what a refusal must end with. */
    private record Bound(Request<?> request, String field, String must) {

        Bound must(String end) {
            return new Bound(request, field, "must " + end);
        }

        Refusal refusal(Client client) {
            return request.refusal(client);
        }
    }
}
