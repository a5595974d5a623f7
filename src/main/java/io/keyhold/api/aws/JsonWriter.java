package io.keyhold.api.aws;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.keyhold.key.KmsFault;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Messages to AWS JSON 1.1, by their descriptors: what is not set is not there, but for the list of
 * a page, which AWS always gives.
 */
public final class JsonWriter {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Descriptor TIME = Timestamp.getDescriptor();
    private static final int MILLIS = 3;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private JsonWriter() {}

    /** An answer. */
    public static byte[] answer(Message message) {
        return written(message.getSerializedSize(), json -> fields(json, message));
    }

    /** An error; AWS sends some without a message. */
    static byte[] fault(KmsFault fault) {
        return written(
                0,
                json -> {
                    json.writeStartObject();
                    json.writeStringProperty("__type", fault.name().name());
                    if (!fault.text().isEmpty()) {
                        json.writeStringProperty("message", fault.text());
                    }
                    json.writeEndObject();
                });
    }

    private static byte[] written(int size, Consumer<JsonGenerator> content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(2 * size + 256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            content.accept(json);
        }
        return out.toByteArray();
    }

    private static void fields(JsonGenerator json, Message message) {
        boolean isPage = message.getDescriptorForType().findFieldByName("truncated") != null;
        json.writeStartObject();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            boolean there =
                    field.isRepeated()
                            ? isPage || message.getRepeatedFieldCount(field) > 0
                            : message.hasField(field);
            if (there) {
                json.writeName(field.getJsonName());
                if (field.isMapField()) {
                    entries(json, field, (List<?>) message.getField(field));
                } else {
                    write(json, message.getField(field));
                }
            }
        }
        json.writeEndObject();
    }

    private static void time(JsonGenerator json, Message time) {
        long seconds = (Long) time.getField(TIME.findFieldByNumber(Timestamp.SECONDS_FIELD_NUMBER));
        int nanos = (Integer) time.getField(TIME.findFieldByNumber(Timestamp.NANOS_FIELD_NUMBER));
        BigDecimal millis = BigDecimal.valueOf(nanos / NANOS_PER_MILLI, MILLIS);
        json.writeNumber(BigDecimal.valueOf(seconds).add(millis));
    }

    private static void entries(JsonGenerator json, FieldDescriptor field, List<?> entries) {
        List<FieldDescriptor> pair = field.getMessageType().getFields();
        json.writeStartObject();
        for (Object element : entries) {
            Message entry = (Message) element;
            json.writeStringProperty(
                    entry.getField(pair.getFirst()).toString(),
                    entry.getField(pair.getLast()).toString());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Object value) {
        switch (value) {
            case List<?> elements -> {
                json.writeStartArray();
                elements.forEach(element -> write(json, element));
                json.writeEndArray();
            }
            case Boolean truth -> json.writeBoolean(truth);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case ByteString bytes -> json.writeBinary(bytes.toByteArray());
            case EnumValueDescriptor literal -> json.writeString(literal.getName());
            case Message time when time.getDescriptorForType().equals(TIME) -> time(json, time);
            case Message nested -> fields(json, nested);
            default -> json.writeString(value.toString());
        }
    }
}
