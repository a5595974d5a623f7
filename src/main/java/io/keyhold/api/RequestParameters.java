package io.keyhold.api;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.keyhold.v1.Options;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message as CloudTrail shows it: AWS's field names with a small first letter. Byte fields are
 * left out, since they hold plaintexts and ciphertexts, and so is what is marked as secret.
 */
final class RequestParameters {

    /** CloudTrail's bound too. No message that keeps its limits comes near. */
    private static final int LARGEST = 100 << 10;

    private RequestParameters() {}

    static Map<String, Object> of(Message message) {
        return message.getSerializedSize() > LARGEST
                ? Map.of("omitted", message.getSerializedSize() + " bytes")
                : fields(message);
    }

    private static Map<String, Object> fields(Message message) {
        Map<String, Object> shown = new LinkedHashMap<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            // A secret is not even looked at: protobuf would make a string of its bytes.
            if (FieldLimits.isSet(message, field) && !isSecret(field)) {
                shown.put(name(field), show(field, message.getField(field)));
            }
        }
        return shown;
    }

    private static boolean isSecret(FieldDescriptor field) {
        return field.getJavaType() == JavaType.BYTE_STRING
                || field.getOptions().getExtension(Options.secret);
    }

    private static Object show(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            Map<String, Object> entries = new LinkedHashMap<>();
            for (Object element : (Collection<?>) value) {
                MapEntry<?, ?> entry = (MapEntry<?, ?>) element;
                entries.put(entry.getKey().toString(), entry.getValue().toString());
            }
            return entries;
        }
        if (value instanceof Collection<?> elements) {
            return elements.stream().map(RequestParameters::show).toList();
        }
        return show(value);
    }

    private static Object show(Object value) {
        return switch (value) {
            case EnumValueDescriptor literal -> literal.getName();
            case Timestamp time when Timestamps.isValid(time) -> Timestamps.toString(time);
            case Message message -> fields(message);
            default -> value;
        };
    }

    private static String name(FieldDescriptor field) {
        String json = field.getJsonName();
        return json.startsWith("AWS") // CloudTrail writes AWSAccountId as it is
                ? json
                : Character.toLowerCase(json.charAt(0)) + json.substring(1);
    }
}
