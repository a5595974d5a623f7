package io.keyhold.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.keyhold.Keyhold;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Seeded;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.RecipientInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {

    private static final EncryptRequest ENCRYPT =
            EncryptRequest.newBuilder()
                    .setKeyId("alias/x")
                    .setPlaintext(ByteString.copyFromUtf8("secret"))
                    .putEncryptionContext("k", "v")
                    .setDryRun(true)
                    .build();

    @Test
    void whatAClientWroteIsRead() {
        assertThat(parse(EncryptRequest.getDefaultInstance(), ENCRYPT.toByteArray()))
                .isEqualTo(ENCRYPT);
        assertThat(parse(ListKeysRequest.getDefaultInstance(), new byte[0]))
                .isEqualTo(ListKeysRequest.getDefaultInstance());
    }

    @Test
    void wipingTheBytesWipesWhatWasParsed() {
        byte[] bytes = ENCRYPT.toByteArray();
        EncryptRequest request = parse(EncryptRequest.getDefaultInstance(), bytes);

        Arrays.fill(bytes, (byte) 0);

        assertThat(request.getPlaintext().toByteArray()).containsOnly(0);
    }

    @Test
    void everyTruncationIsRefusedOrEndsBetweenTwoFields() {
        byte[] whole = ENCRYPT.toByteArray();
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                EncryptRequest request = parse(EncryptRequest.getDefaultInstance(), cut);
                assertThat(request.toByteArray()).as("%d bytes", length).isEqualTo(cut);
            } catch (KmsFault fault) {
                assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
                refused++;
            }
        }
        assertThat(refused).isEqualTo(whole.length - ENCRYPT.getAllFields().size());
    }

    @Test
    void anyBytesParseOrAreASerializationException() {
        List<Message> prototypes =
                Keyhold.services().stream()
                        .flatMap(service -> service.getMethods().stream())
                        .map(
                                rpc ->
                                        (Message)
                                                com.google.protobuf.DynamicMessage
                                                        .getDefaultInstance(rpc.getInputType()))
                        .toList();
        Seeded.cases(
                5000,
                random -> {
                    byte[] bytes = Seeded.bytes(random, 0, 64);
                    Message prototype = prototypes.get(random.nextInt(prototypes.size()));
                    try {
                        assertThat(parse(prototype, bytes)).isNotNull();
                    } catch (KmsFault fault) {
                        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
                    }
                });
    }

    @Test
    void aChangedByteOfARealRequestParsesOrIsASerializationException() {
        Seeded.cases(
                5000,
                random -> {
                    byte[] bytes = ENCRYPT.toByteArray();
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                    try {
                        assertThat(parse(EncryptRequest.getDefaultInstance(), bytes)).isNotNull();
                    } catch (KmsFault fault) {
                        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
                    }
                });
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        byte[] keyId = written(out -> out.writeByteArray(1, new byte[] {'k', (byte) 0xff}));
        byte[] surrogate =
                written(
                        out ->
                                out.writeByteArray(
                                        1, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}));

        assertThat(refusal(keyId))
                .startsWith("The bytes are not a EncryptRequest in protobuf's wire format: ");
        assertThat(refusal(surrogate)).contains("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 101, 100_000})
    void deepNestingIsRefused(int depth) throws IOException {
        byte[] groups =
                written(
                        out -> {
                            for (int i = 0; i < depth; i++) {
                                out.writeTag(100, WireFormat.WIRETYPE_START_GROUP);
                            }
                            for (int i = 0; i < depth; i++) {
                                out.writeTag(100, WireFormat.WIRETYPE_END_GROUP);
                            }
                        });

        assertThat(refusal(groups)).contains("too many levels of nesting");
    }

    @Test
    void nestingThatRequestsNeedIsRead() {
        DecryptRequest request =
                DecryptRequest.newBuilder()
                        .setRecipient(RecipientInfo.newBuilder().setKeyEncryptionAlgorithmValue(1))
                        .build();

        assertThat(parse(DecryptRequest.getDefaultInstance(), request.toByteArray()))
                .isEqualTo(request);
    }

    @Test
    void anEndWithoutABeginningIsRefused() throws IOException {
        byte[] end = written(out -> out.writeTag(1, WireFormat.WIRETYPE_END_GROUP));

        assertThat(refusal(end)).contains("EncryptRequest");
        assertThat(refusal(new byte[] {0})).contains("EncryptRequest");
    }

    @Test
    void onlyTrueIsADryRun() {
        assertThat(Requests.isDryRun(ENCRYPT)).isTrue();
        assertThat(Requests.isDryRun(ENCRYPT.toBuilder().setDryRun(false).build())).isFalse();
        assertThat(Requests.isDryRun(ENCRYPT.toBuilder().clearDryRun().build())).isFalse();
        assertThat(Requests.isDryRun(ListKeysRequest.getDefaultInstance())).isFalse();
    }

    private static <Q extends Message> Q parse(Q prototype, byte[] bytes) {
        return Requests.parse(prototype, bytes);
    }

    private static String refusal(byte[] bytes) {
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> parse(EncryptRequest.getDefaultInstance(), bytes));
        assertThat(fault.name()).isEqualTo(FaultName.SerializationException);
        return fault.text();
    }

    private static byte[] written(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        writing.to(out);
        out.flush();
        return bytes.toByteArray();
    }

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }
}
