package io.keyhold.operation.identities;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.keyhold.operation.JsonNames;
import java.util.Objects;

/** Fills an answer by IAM's names of its fields. */
final class Answer {

    private final Message.Builder message;

    Answer(Message prototype) {
        this.message = prototype.newBuilderForType();
    }

    Answer set(String name, Object value) {
        message.setField(field(name), value);
        return this;
    }

    Answer add(String name, Object element) {
        message.addRepeatedField(field(name), element);
        return this;
    }

    Message build() {
        return message.build();
    }

    private FieldDescriptor field(String name) {
        return Objects.requireNonNull(JsonNames.find(message.getDescriptorForType(), name), name);
    }
}
