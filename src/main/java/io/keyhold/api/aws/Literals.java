package io.keyhold.api.aws;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;

/** The values of enums by their names. */
final class Literals {

    private Literals() {}

    /**
     * Sets a field, or the elements of a list. If one is no literal, the texts are kept as what
     * protobuf does not know: limits refuse that, together with all else that is wrong.
     */
    static void set(List<String> texts, Message.Builder builder, FieldDescriptor field) {
        List<EnumValueDescriptor> known =
                texts.stream()
                        .map(field.getEnumType()::findValueByName)
                        .filter(literal -> literal != null && literal.getNumber() != 0)
                        .toList();
        if (known.size() == texts.size()) {
            builder.setField(field, field.isRepeated() ? known : known.getFirst());
        } else {
            UnknownFieldSet.Field.Builder kept = UnknownFieldSet.Field.newBuilder();
            texts.forEach(text -> kept.addLengthDelimited(ByteString.copyFromUtf8(text)));
            builder.setUnknownFields(
                    builder.getUnknownFields().toBuilder()
                            .addField(field.getNumber(), kept.build())
                            .build());
        }
    }
}
