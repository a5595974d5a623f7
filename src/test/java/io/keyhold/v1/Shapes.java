package io.keyhold.v1;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Messages in the words of AWS's model: field name to type. */
final class Shapes {

    private Shapes() {}

    /** Every rpc that is served. */
    static Stream<MethodDescriptor> rpcs() {
        return KeyManagementProto.getDescriptor()
                .findServiceByName("KeyManagement")
                .getMethods()
                .stream();
    }

    /** The fields of a message of ours, but those that AWS has not. */
    static Map<String, String> fields(Descriptor message) {
        Map<String, String> fields = new TreeMap<>();
        message.getFields().stream()
                .filter(field -> !field.getOptions().getExtension(Options.own))
                .forEach(field -> fields.put(field.getJsonName(), type(field)));
        return fields;
    }

    /** The fields of a shape of AWS's. */
    static Map<String, String> fields(JsonNode shape) {
        Map<String, String> fields = new TreeMap<>();
        shape.propertyStream()
                .forEach(
                        field ->
                                fields.put(
                                        field.getKey(),
                                        field.getValue().asString().replace("!", "")));
        return fields;
    }

    private static String type(FieldDescriptor field) {
        if (field.isMapField()) {
            return "Record<%s, %s>"
                    .formatted(
                            single(field.getMessageType().findFieldByName("key")),
                            single(field.getMessageType().findFieldByName("value")));
        }
        return single(field) + (field.isRepeated() ? "[]" : "");
    }

    private static String single(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING -> "string";
            case BYTES -> "Uint8Array";
            case BOOL -> "boolean";
            case INT32 -> "number";
            case ENUM -> field.getEnumType().getContainingType().getName();
            case MESSAGE ->
                    field.getMessageType().getName().equals("Timestamp")
                            ? "Date"
                            : field.getMessageType().getName();
            default -> "no type of AWS's: " + field.getType();
        };
    }
}
