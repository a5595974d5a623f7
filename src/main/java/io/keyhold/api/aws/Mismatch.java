package io.keyhold.api.aws;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** JSON of another type than a parameter has, in the words of AWS's services. */
final class Mismatch {

    private Mismatch() {}

    /** What stands where a parameter should. */
    static KmsFault of(JsonToken found, FieldDescriptor field) {
        if (field.isMapField()) {
            return fault(found, "Expected map or null");
        }
        return field.isRepeated() ? fault(found, "Expected list or null") : ofValue(found, field);
    }

    /** What stands where a parameter, or an element of its list, should. */
    static KmsFault ofValue(JsonToken found, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE ->
                    field.getMessageType().equals(Timestamp.getDescriptor())
                            ? inconvertible(found, "milliseconds since epoch")
                            : fault(found, "Expected null");
            case INT -> inconvertible(found, "an Integer");
            case LONG -> inconvertible(found, "a Long");
            case BOOLEAN -> inconvertible(found, "a Boolean");
            case BYTE_STRING -> inconvertible(found, "a Blob");
            default -> inconvertible(found, "a String");
        };
    }

    /** What stands where the body should. */
    static KmsFault ofBody(@Nullable JsonToken found) {
        return fault(found, "The body is no structure");
    }

    private static KmsFault inconvertible(JsonToken found, String wanted) {
        return fault(found, "%s can not be converted to %s".formatted(name(found), wanted));
    }

    /** What a scalar is told; others are the same everywhere. */
    private static KmsFault fault(@Nullable JsonToken found, String scalar) {
        String text =
                switch (found) {
                    case START_ARRAY -> "Start of list found where not expected";
                    case START_OBJECT -> "Start of structure or map found where not expected.";
                    case null, default -> scalar; // null: there is nothing
                };
        return KmsFault.of(FaultName.SerializationException, "%s", text);
    }

    private static String name(JsonToken scalar) {
        return switch (scalar) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "NUMBER_VALUE";
            case VALUE_TRUE -> "TRUE_VALUE";
            case VALUE_FALSE -> "FALSE_VALUE";
            case VALUE_NULL -> "NULL_VALUE";
            default -> "STRING_VALUE";
        };
    }
}
