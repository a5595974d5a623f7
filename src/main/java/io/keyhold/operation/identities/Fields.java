package io.keyhold.operation.identities;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.keyhold.operation.JsonNames;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A request by IAM's names of its fields: several verbs have the same ones. */
record Fields(Message request) {

    private static final String REQUEST = "Request";

    /** The verb that takes the request. */
    String verb() {
        String type = request.getDescriptorForType().getName();
        return type.substring(0, type.length() - REQUEST.length());
    }

    /** Empty if it is not set. */
    String text(String name) {
        return (String) request.getField(field(name));
    }

    Optional<String> optional(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    boolean has(String name) {
        return request.hasField(field(name));
    }

    int number(String name, int usual) {
        return has(name) ? (int) request.getField(field(name)) : usual;
    }

    boolean isTrue(String name) {
        return request.getField(field(name)).equals(true);
    }

    <T> List<T> list(String name, Class<T> type) {
        return ((List<?>) request.getField(field(name))).stream().map(type::cast).toList();
    }

    private FieldDescriptor field(String name) {
        return Objects.requireNonNull(JsonNames.find(request.getDescriptorForType(), name), name);
    }
}
