package io.keyhold.api.aws;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.List;

/** The values of enums by their names. */
final class Literals {

    private Literals() {}

    /**
     * The value of a name.
     *
     * @throws KmsFault ValidationException with AWS's wording
     */
    static EnumValueDescriptor find(String name, FieldDescriptor field) {
        EnumValueDescriptor known = field.getEnumType().findValueByName(name);
        if (known != null && known.getNumber() != 0) {
            return known;
        }
        List<String> literals =
                field.getEnumType().getValues().stream()
                        .filter(each -> each.getNumber() != 0)
                        .map(EnumValueDescriptor::getName)
                        .toList();
        String json = field.getJsonName();
        throw KmsFault.of(
                FaultName.ValidationException,
                "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint:"
                        + " Member must satisfy enum value set: %s",
                name,
                Character.toLowerCase(json.charAt(0)) + json.substring(1),
                literals);
    }
}
