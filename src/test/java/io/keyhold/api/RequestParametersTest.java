package io.keyhold.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.Keyhold;
import io.keyhold.v1.AccessKey;
import io.keyhold.v1.CreateAccessKeyResponse;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.Options;
import io.keyhold.v1.RecipientInfo;
import io.keyhold.v1.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestParametersTest {

    private static final ByteString SECRET = ByteString.copyFromUtf8("s3cret");
    private static final Pattern SOUNDS_SECRET =
            Pattern.compile("secret|password|private|session_token|token_code|plaintext");

    @Test
    void aRequestIsShownAsCloudTrailDoesWithoutItsPlaintext() {
        EncryptRequest request =
                EncryptRequest.newBuilder()
                        .setKeyId("alias/x")
                        .setPlaintext(SECRET)
                        .putEncryptionContext("Purpose", "Test")
                        .setEncryptionAlgorithm(EncryptionAlgorithmSpec.Value.SYMMETRIC_DEFAULT)
                        .setDryRun(false)
                        .build();

        assertThat(RequestParameters.of(request))
                .containsExactly(
                        Map.entry("keyId", "alias/x"),
                        Map.entry("encryptionContext", Map.of("Purpose", "Test")),
                        Map.entry("encryptionAlgorithm", "SYMMETRIC_DEFAULT"),
                        Map.entry("dryRun", false));
    }

    @Test
    void whatNoValidRequestCouldHoldIsLeftOut() {
        EncryptRequest request =
                EncryptRequest.newBuilder()
                        .putEncryptionContext("large", "x".repeat(200_000))
                        .build();

        assertThat(RequestParameters.of(request))
                .containsExactly(Map.entry("omitted", request.getSerializedSize() + " bytes"));
    }

    @Test
    void nestedMessagesLoseTheirBytesToo() {
        DecryptRequest request =
                DecryptRequest.newBuilder()
                        .setCiphertextBlob(SECRET)
                        .setRecipient(
                                RecipientInfo.newBuilder()
                                        .setAttestationDocument(SECRET)
                                        .setKeyEncryptionAlgorithmValue(1))
                        .build();

        assertThat(RequestParameters.of(request))
                .isEqualTo(
                        Map.of(
                                "recipient",
                                Map.of("keyEncryptionAlgorithm", "RSAES_OAEP_SHA_256")));
    }

    @Test
    void listsMessagesAndTimesAreShown() {
        CreateKeyRequest create =
                CreateKeyRequest.newBuilder()
                        .addTags(Tag.newBuilder().setTagKey("k").setTagValue("v"))
                        .build();
        KeyMetadata metadata =
                KeyMetadata.newBuilder()
                        .setCreationDate(Timestamp.newBuilder().setSeconds(1_700_000_000))
                        .build();

        assertThat(RequestParameters.of(create))
                .isEqualTo(Map.of("tags", List.of(Map.of("tagKey", "k", "tagValue", "v"))));
        assertThat(RequestParameters.of(metadata))
                .isEqualTo(Map.of("creationDate", "2023-11-14T22:13:20Z"));
    }

    @Test
    void whatIsNotSetIsNotShown() {
        assertThat(RequestParameters.of(EncryptRequest.getDefaultInstance())).isEmpty();
    }

    @Test
    void whatIsMarkedAsSecretIsNotShown() {
        CreateAccessKeyResponse made =
                CreateAccessKeyResponse.newBuilder()
                        .setAccessKey(
                                AccessKey.newBuilder()
                                        .setAccessKeyId("AKIA")
                                        .setSecretAccessKeyBytes(SECRET))
                        .build();

        assertThat(RequestParameters.of(made))
                .isEqualTo(Map.of("accessKey", Map.of("accessKeyId", "AKIA")));
    }

    /** A field of that name could be forgotten to be marked. */
    @ParameterizedTest
    @MethodSource("messages")
    void whatSoundsSecretIsMarked(Message type) {
        List<FieldDescriptor> fields = new ArrayList<>();
        collect(type.getDescriptorForType(), fields);

        assertThat(fields)
                .filteredOn(field -> SOUNDS_SECRET.matcher(field.getName()).find())
                .allMatch(field -> isSecret(field) || field.getType() == Type.BYTES);
    }

    private static void collect(Descriptor message, List<FieldDescriptor> into) {
        for (FieldDescriptor field : message.getFields()) {
            into.add(field);
            if (field.getType() == Type.MESSAGE) {
                collect(field.getMessageType(), into);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void bytesAndSecretsAreNeverShownAndEverythingElseIs(Message type) {
        Message full = full(type.newBuilderForType(), SECRET);
        List<Object> shown = new ArrayList<>();
        flatten(RequestParameters.of(full), shown);

        assertThat(shown)
                .hasOnlyElementsOfTypes(String.class, Boolean.class, Integer.class, Long.class)
                .hasSize(countShown(type.getDescriptorForType()));
        assertThat(shown.toString()).doesNotContain("s3cret");
        // A message with other bytes in it looks the same.
        Message other = full(type.newBuilderForType(), ByteString.copyFromUtf8("0ther"));
        assertThat(RequestParameters.of(other)).isEqualTo(RequestParameters.of(full));
    }

    static List<Message> messages() throws ReflectiveOperationException {
        List<Message> messages = new ArrayList<>();
        for (MethodDescriptor rpc :
                Keyhold.services().stream()
                        .flatMap(service -> service.getMethods().stream())
                        .toList()) {
            messages.add(generated(rpc.getInputType()));
            messages.add(generated(rpc.getOutputType()));
        }
        return messages;
    }

    private static Message generated(Descriptor type) throws ReflectiveOperationException {
        return (Message)
                Class.forName("io.keyhold.v1." + type.getName())
                        .getMethod("getDefaultInstance")
                        .invoke(null);
    }

    /** A message with every field set, however deep. */
    private static Message full(Message.Builder message, ByteString bytes) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            Object value =
                    switch (field.getJavaType()) {
                        case STRING -> isSecret(field) ? bytes.toStringUtf8() : "text";
                        case BYTE_STRING -> bytes;
                        case BOOLEAN -> true;
                        case INT -> 7;
                        case LONG -> 8L;
                        case ENUM -> field.getEnumType().findValueByNumber(1);
                        case MESSAGE -> full(message.newBuilderForField(field), bytes);
                        default -> throw new IllegalStateException(field.getFullName());
                    };
            message.setField(field, field.isRepeated() ? List.of(value) : value);
        }
        return message.build();
    }

    /** How many single values a full message of this type shows. */
    private static int countShown(Descriptor type) {
        return type.getFields().stream()
                .mapToInt(
                        field ->
                                switch (field.getJavaType()) {
                                    case BYTE_STRING -> 0;
                                    case MESSAGE ->
                                            isOne(field) ? 1 : countShown(field.getMessageType());
                                    default -> isSecret(field) ? 0 : 1;
                                })
                .sum();
    }

    private static boolean isSecret(FieldDescriptor field) {
        return field.getOptions().getExtension(Options.secret);
    }

    private static boolean isOne(FieldDescriptor field) {
        return field.isMapField() || field.getMessageType().equals(Timestamp.getDescriptor());
    }

    private static void flatten(Object value, List<Object> into) {
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(element -> flatten(element, into));
            case Collection<?> list -> list.forEach(element -> flatten(element, into));
            default -> into.add(value);
        }
    }
}
