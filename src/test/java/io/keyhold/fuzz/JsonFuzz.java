package io.keyhold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.api.aws.JsonReader;
import io.keyhold.api.aws.JsonWriter;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Any bytes as the JSON of any request are refused, or are a message whose JSON is that message
 * again. The first byte of the input chooses the rpc.
 */
public final class JsonFuzz {

    private static final JsonReader READER = new JsonReader();

    private JsonFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (bytes.length > 0) {
            List<MethodDescriptor> rpcs = House.RPCS;
            Descriptor type = rpcs.get((bytes[0] & 0xFF) % rpcs.size()).getInputType();
            isMessage(type, Arrays.copyOfRange(bytes, 1, bytes.length));
        }
    }

    /** Whether the bytes are one. */
    static boolean isMessage(Descriptor type, byte[] json) {
        DynamicMessage message;
        try {
            message = READER.parse(DynamicMessage.getDefaultInstance(type), json);
        } catch (KmsFault fault) {
            assertThat(fault.name())
                    .isIn(FaultName.SerializationException, FaultName.ValidationException);
            return false;
        }
        if (hasUnknown(message)) {
            return false;
        }
        boolean hasTime = message.getAllFields().keySet().stream().anyMatch(JsonFuzz::isTime);
        if (!hasTime) { // which is written to the millisecond
            byte[] again = JsonWriter.answer(message);
            assertThat(READER.parse(DynamicMessage.getDefaultInstance(type), again))
                    .as(new String(again, UTF_8))
                    .isEqualTo(message);
        }
        return true;
    }

    /** Whether a message keeps texts that are no literals. */
    static boolean hasUnknown(Message message) {
        return !message.getUnknownFields().asMap().isEmpty()
                || message.getAllFields().values().stream()
                        .flatMap(
                                value ->
                                        value instanceof List<?> all
                                                ? all.stream()
                                                : Stream.of(value))
                        .anyMatch(value -> value instanceof Message nested && hasUnknown(nested));
    }

    private static boolean isTime(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType().equals(Timestamp.getDescriptor());
    }

    /** The input that stands for a request. */
    static byte[] input(int rpc, DynamicMessage request) {
        byte[] json = JsonWriter.answer(request);
        byte[] input = new byte[1 + json.length];
        input[0] = (byte) rpc;
        System.arraycopy(json, 0, input, 1, json.length);
        return input;
    }
}
