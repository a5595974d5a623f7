package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.keyhold.testkit.Seeded;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.ListKeyRotationsRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.RotateKeyOnDemandRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R21: any bytes as a message get a clear refusal and one audit record; the daemon goes on. */
final class GarbageIT {

    private static final int ROUNDS = 150;
    private static final int LONGEST = 300;

    /** Need nothing of the operator, and are refused to everybody else. */
    private static final Set<String> OF_OPERATOR = Set.of("ListAccounts", "Reconcile");

    /** The verbs without a required field that every caller of this test may use. */
    private static final Set<String> NEED_NOTHING =
            Set.of(
                    "CreateKey",
                    "GetCallerIdentity",
                    "GetSessionToken",
                    "ListKeys",
                    "ListServiceKeys",
                    "ListAliases",
                    "ListUsers",
                    "ListGroups",
                    "ListRoles",
                    "ListPolicies");

    private static final int MEGABYTE = 1 << 20;

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    private static String key;
    private static byte[] blob;

    @BeforeAll
    static void makeAKey() {
        key = one.client().createKey().getKeyId();
        blob = one.client().encrypt(key, "x".getBytes(UTF_8), Map.of());
    }

    @AfterEach
    void theDaemonGoesOn() {
        for (Listener listener : Listener.values()) {
            assertThat(one.client(listener).decrypt(blob, Map.of())).isEqualTo("x".getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomBytes(Listener listener) {
        Random random = seeded("random bytes");
        int before = one.home().journal().events().size();
        Garbage garbage = new Garbage(one.client(listener));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(LONGEST)];
            random.nextBytes(bytes);
            for (MethodDescriptor<?, ?> rpc : Rpc.ALL) {
                garbage.send(rpc, bytes);
            }
        }
        garbage.assertAnswered();
        assertThat(one.home().journal().since(before).events()).hasSize(ROUNDS * Rpc.ALL.size());
    }

    /** Good requests with a few bytes changed, cut off or added reach deeper than noise. */
    @ParameterizedTest
    @EnumSource
    void almostGoodRequests(Listener listener) {
        Random random = seeded("almost good requests");
        Garbage garbage = new Garbage(one.client(listener));
        for (int round = 0; round < ROUNDS; round++) {
            for (Request<?> good : goodRequests()) {
                byte[] bytes = ((Message) good.message()).toByteArray();
                garbage.send(good.rpc(), Garbage.damage(bytes, random));
            }
        }
        garbage.assertAnswered();
    }

    /** A client that broke off has asked for nothing. */
    @ParameterizedTest
    @EnumSource
    void noMessageAtAll(Listener listener) {
        int before = one.home().journal().events().size();
        CompletableFuture<Status> outcome = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call =
                one.client(listener)
                        .channel()
                        .newCall(Raw.method(Rpc.CREATE_KEY.getFullMethodName()), Client.patient());
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        outcome.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
        call.halfClose();

        assertThat(outcome.join().getDescription()).isEqualTo("Half-closed without a request");
        assertThat(one.home().journal().since(before).events()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyBody(Listener listener) {
        for (MethodDescriptor<?, ?> rpc : Rpc.ALL) {
            ThrowingCallable call = () -> send(listener, rpc, new byte[0]);
            String name = rpc.getBareMethodName();
            boolean forOperator = OF_OPERATOR.contains(name);
            if (NEED_NOTHING.contains(name) || (forOperator && listener == Listener.UNIX)) {
                assertThat(send(listener, rpc, new byte[0])).isNotNull();
            } else {
                assertThat(Refusal.of(call).name())
                        .isEqualTo(forOperator ? "AccessDeniedException" : "ValidationException");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void textThatIsNotUtf8(Listener listener) {
        for (MethodDescriptor<?, ?> rpc : Rpc.ALL) {
            Optional<FieldDescriptor> field = Rpc.textField(rpc);
            if (field.isEmpty()) {
                continue;
            }
            int number = field.get().getNumber();
            for (byte[] text :
                    new byte[][] {
                        {(byte) 0xFF},
                        {(byte) 0xC0, (byte) 0x80},
                        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                        {'a', (byte) 0xE2, (byte) 0x82}
                    }) {
                Refusal refusal =
                        Refusal.of(() -> send(listener, rpc, Garbage.field(number, text)));
                assertThat(refusal.name()).isEqualTo("SerializationException");
                assertThat(refusal.text()).contains("UTF-8");
            }
        }
        byte[] entry = Garbage.field(1, new byte[] {(byte) 0xFF});
        for (byte[] request :
                new byte[][] {Garbage.field(3, entry), Garbage.field(3, Garbage.field(2, entry))}) {
            Refusal refusal = Refusal.of(() -> send(listener, Rpc.ENCRYPT, request));
            assertThat(refusal.name()).isEqualTo("SerializationException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageThatIsTooLarge(Listener listener) {
        for (int size : new int[] {MEGABYTE + 1, 64 * MEGABYTE}) {
            for (MethodDescriptor<?, ?> rpc : List.of(Rpc.ENCRYPT, Rpc.LIST_KEYS)) {
                StatusRuntimeException refused =
                        catchStatus(() -> send(listener, rpc, new byte[size]));
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(refused.getStatus().getDescription())
                        .contains("maximum size 1048576: " + size);
            }
        }
        byte[] largest = new byte[MEGABYTE];
        assertThat(Refusal.of(() -> send(listener, Rpc.ENCRYPT, largest)).name())
                .isEqualTo("SerializationException");
    }

    @ParameterizedTest
    @EnumSource
    void hundredThousandMapEntries(Listener listener) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            entries.put(Integer.toString(i, Character.MAX_RADIX), "");
        }
        Client client = one.client(listener);
        for (Refusal refusal :
                List.of(
                        Refusal.of(() -> client.encrypt(key, new byte[1], entries)),
                        Refusal.of(() -> client.decrypt(blob, entries)))) {
            assertThat(refusal)
                    .isEqualTo(
                            new Refusal(
                                    "ValidationException",
                                    "EncryptionContext takes more than 8192 bytes."));
        }
    }

    @ParameterizedTest
    @EnumSource
    void hundredThousandUnknownFields(Listener listener) {
        UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
        for (int number = 1000; number < 101_000; number++) {
            unknown.addField(number, UnknownFieldSet.Field.newBuilder().addVarint(1).build());
        }
        ListKeysRequest request =
                ListKeysRequest.newBuilder().setUnknownFields(unknown.build()).build();
        Refusal refusal = Refusal.of(() -> one.client(listener).call(Rpc.LIST_KEYS, request));
        assertThat(refusal.name()).isEqualTo("ValidationException");
        assertThat(refusal.text()).contains("1000").hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @EnumSource
    void nestingOfDepth101(Listener listener) {
        byte[] groups = new byte[2 * 101];
        byte[] messages = new byte[0];
        for (int i = 0; i < 101; i++) {
            groups[2 * i] = (byte) 0xA3; // begins group 100
            groups[2 * i + 1] = 0x06;
            messages = Garbage.field(6, messages);
        }
        assertThat(Refusal.of(() -> send(listener, Rpc.DECRYPT, groups)).name())
                .isEqualTo("SerializationException");
        byte[] nested = messages;
        assertThat(Refusal.of(() -> send(listener, Rpc.DECRYPT, nested)).name())
                .isEqualTo("UnsupportedOperationException");
    }

    /** What a caller hears must fit a client's limit for headers, or it loses its connection. */
    @ParameterizedTest
    @EnumSource
    void aLongTextInARefusal(Listener listener) {
        Client client = one.client(listener);
        for (String text : List.of("k", "%", "\u00FF", "\u20AC", "\uD83D\uDD11")) {
            String longest = text.repeat(2048 / text.length());
            DescribeKeyRequest describe = DescribeKeyRequest.newBuilder().setKeyId(longest).build();
            assertThat(Refusal.of(() -> client.call(Rpc.DESCRIBE_KEY, describe)).name())
                    .isEqualTo("NotFoundException");
            DescribeKeyRequest arn =
                    DescribeKeyRequest.newBuilder()
                            .setKeyId(("arn:" + longest).substring(0, 2048))
                            .build();
            assertThat(Refusal.of(() -> client.call(Rpc.DESCRIBE_KEY, arn)).name())
                    .isEqualTo("InvalidArnException");
            ListKeyRotationsRequest list =
                    ListKeyRotationsRequest.newBuilder()
                            .setKeyId("")
                            .setLimit(0)
                            .setMarker(longest)
                            .build();
            assertThat(Refusal.of(() -> client.call(Rpc.LIST_ROTATIONS, list)).name())
                    .isEqualTo("ValidationException");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownMethod(Listener listener) {
        for (String method :
                List.of(Rpc.SERVICE + "/DeleteEverything", Rpc.SERVICE + "/encrypt", "a.b.C/D")) {
            StatusRuntimeException refused =
                    catchStatus(() -> one.client(listener).send(method, new byte[0]));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(refused.getStatus().getDescription()).contains(method);
        }
    }

    private static byte[] send(Listener listener, MethodDescriptor<?, ?> rpc, byte[] body) {
        return one.client(listener).send(rpc.getFullMethodName(), body);
    }

    private static StatusRuntimeException catchStatus(ThrowingCallable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call);
    }

    private static List<Request<?>> goodRequests() {
        return List.of(
                Request.of(CreateKeyRequest.newBuilder().setDescription("fuzz")),
                Request.of(DescribeKeyRequest.newBuilder().setKeyId(key)),
                Request.of(ListKeysRequest.newBuilder().setLimit(3)),
                Request.of(
                        EncryptRequest.newBuilder()
                                .setKeyId(key)
                                .setPlaintext(ByteString.copyFromUtf8("x"))
                                .putEncryptionContext("a", "b")),
                Request.of(
                        DecryptRequest.newBuilder()
                                .setCiphertextBlob(ByteString.copyFrom(blob))
                                .setKeyId(key)),
                // A key that is not there: damage must not use up the 25 rotations of one that is.
                Request.of(RotateKeyOnDemandRequest.newBuilder().setKeyId("nobody")),
                Request.of(ListKeyRotationsRequest.newBuilder().setKeyId(key).setLimit(5)));
    }

    private static Random seeded(String what) {
        return Seeded.random(what);
    }
}
