package io.keyhold.operation;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of messages by their AWS names. */
public final class JsonNames {

    private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS =
            new ConcurrentHashMap<>();

    private JsonNames() {}

    /** The field of a name, if a message has it. */
    public static @Nullable FieldDescriptor find(Descriptor message, String jsonName) {
        return FIELDS.computeIfAbsent(message, JsonNames::fields).get(jsonName);
    }

    private static Map<String, FieldDescriptor> fields(Descriptor message) {
        return message.getFields().stream()
                .collect(Collectors.toMap(FieldDescriptor::getJsonName, field -> field));
    }
}
