package io.keyhold.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import io.keyhold.key.EncryptionContext;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks a request against the limits that its fields carry as options in {@code proto/}, with
 * AWS's wording.
 */
final class FieldLimits {

    /** Numbers of unknown fields that a message names. */
    private static final int SHOWN = 10;

    private final Map<Descriptor, List<FieldLimit>> limits = new ConcurrentHashMap<>();

    /**
     * Passes if every field keeps its limits.
     *
     * @throws KmsFault UnsupportedOperationException for a feature that is not built yet,
     *     ValidationException naming every field that breaks a limit
     */
    void check(Message request) {
        List<String> broken = new ArrayList<>(0);
        check(request, "", broken);
        if (!broken.isEmpty()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "%d validation error%s detected: %s",
                    broken.size(),
                    broken.size() == 1 ? "" : "s",
                    String.join("; ", broken));
        }
    }

    private void check(Message message, String path, List<String> broken) {
        Descriptor type = message.getDescriptorForType();
        List<Integer> unknown =
                message.getUnknownFields().asMap().keySet().stream()
                        .filter(number -> texts(message, number).isEmpty())
                        .toList();
        if (!unknown.isEmpty()) {
            throw KmsFault.of(
                    FaultName.ValidationException,
                    "%s has fields with numbers that this daemon does not know: %s",
                    type.getName(),
                    unknown.stream().limit(SHOWN).toList());
        }
        for (FieldLimit limit : limits.computeIfAbsent(type, FieldLimits::all)) {
            check(message, limit, path, broken);
        }
    }

    private void check(Message message, FieldLimit limit, String path, List<String> broken) {
        FieldDescriptor field = limit.field();
        List<String> texts = texts(message, field.getNumber());
        if (!texts.isEmpty()) {
            limit.checkTexts(texts, path, broken);
            return;
        }
        if (!isSet(message, field)) {
            limit.checkAbsent(path, broken);
            return;
        }
        Object value = message.getField(field);
        limit.check(value, path, broken);
        if (field.isMapField()) {
            EncryptionContext.of(pairs((Collection<?>) value)); // all maps are such
        }
        if (value instanceof Message nested) {
            check(nested, path + limit.name() + ".", broken);
        } else if (value instanceof Collection<?> elements && !field.isMapField()) {
            int number = 1;
            for (Object element : elements) {
                String member = path + limit.name() + "." + number++ + ".member";
                FieldLimit.checkLiteral(element, member, broken);
                if (element instanceof Message nested) {
                    check(nested, member + ".", broken);
                }
            }
        }
    }

    /** What stands where an enum's literals should, as a door has kept it. */
    private static List<String> texts(Message message, int number) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
        return field == null || field.getJavaType() != JavaType.ENUM
                ? List.of()
                : message.getUnknownFields().getField(number).getLengthDelimitedList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList();
    }

    private static Map<String, String> pairs(Collection<?> entries) {
        Map<String, String> pairs = new HashMap<>();
        for (Object entry : entries) {
            MapEntry<?, ?> pair = (MapEntry<?, ?>) entry;
            pairs.put(pair.getKey().toString(), pair.getValue().toString());
        }
        return pairs;
    }

    /** Whether a message has a field; a list, whether it has an element. */
    static boolean isSet(Message message, FieldDescriptor field) {
        return field.isRepeated()
                ? message.getRepeatedFieldCount(field) > 0
                : message.hasField(field);
    }

    private static List<FieldLimit> all(Descriptor message) {
        return message.getFields().stream().map(FieldLimit::of).toList();
    }
}
