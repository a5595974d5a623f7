package io.keyhold.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.keyhold.testkit.Facts;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Verbs, responses, nested shapes and enums, held against AWS's model. */
class ModelTest {

    @ParameterizedTest
    @MethodSource("io.keyhold.v1.Shapes#rpcs")
    void everyRpcIsAnOperationOfAws(MethodDescriptor rpc) {
        JsonNode operation = Facts.api().path("operations").path(rpc.getName());

        assertThat(operation.isObject()).isTrue();
        assertThat(rpc.getInputType().getName()).isEqualTo(rpc.getName() + "Request");
        String output = operation.path("output_shape").asString();
        assertThat(rpc.getOutputType().getName())
                .isEqualTo(output.equals("{}") ? rpc.getName() + "Response" : output);
        assertThat(rpc.isClientStreaming() || rpc.isServerStreaming()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("io.keyhold.v1.Shapes#rpcs")
    void responseHasAwssFieldsAndTypes(MethodDescriptor rpc) {
        JsonNode output = Facts.api().path("operations").path(rpc.getName()).path("output");

        assertThat(Shapes.fields(rpc.getOutputType()))
                .containsExactlyInAnyOrderEntriesOf(Shapes.fields(output));
    }

    @ParameterizedTest
    @MethodSource("nested")
    void nestedShapeHasAwssFieldsAndTypes(Descriptor message) {
        JsonNode shape = Facts.api().path("nested_shapes").path(message.getName());

        assertThat(Shapes.fields(message)).containsExactlyInAnyOrderEntriesOf(Shapes.fields(shape));
    }

    @ParameterizedTest
    @MethodSource("enums")
    void enumHasAwssLiteralsAndZeroMeansNotSet(EnumDescriptor type) {
        String shape = type.getContainingType().getName();
        Stream<String> literals =
                type.getValues().stream()
                        .filter(value -> value.getNumber() != 0)
                        .map(EnumValueDescriptor::getName);

        assertThat(literals)
                .containsExactlyInAnyOrderElementsOf(
                        Facts.api()
                                .path("enums")
                                .path(shape)
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList());
        assertThat(type.findValueByNumber(0).getName()).isEqualTo("UNSPECIFIED");
    }

    @Test
    void whetherAFieldIsSetCanAlwaysBeSeen() {
        assertThat(messages().stream().flatMap(message -> message.getFields().stream()))
                .allSatisfy(
                        field ->
                                assertThat(field.hasPresence() || field.isRepeated())
                                        .as(field.getFullName())
                                        .isTrue());
    }

    @Test
    void responsesHaveNoLimits() {
        assertThat(Shapes.rpcs().flatMap(rpc -> rpc.getOutputType().getFields().stream()))
                .noneMatch(field -> field.getOptions().hasExtension(Options.limits));
    }

    static Stream<Descriptor> nested() {
        return messages().stream()
                .filter(message -> !message.getName().endsWith("Request"))
                .filter(message -> !message.getName().endsWith("Response"));
    }

    static Collection<EnumDescriptor> enums() {
        Set<EnumDescriptor> enums = new LinkedHashSet<>();
        Enums.getDescriptor().getMessageTypes().forEach(m -> enums.addAll(m.getEnumTypes()));
        messages().stream()
                .flatMap(message -> message.getFields().stream())
                .filter(field -> field.getJavaType() == JavaType.ENUM)
                .forEach(field -> enums.add(field.getEnumType()));
        return enums;
    }

    /** Every message of ours that a call can carry. */
    private static Set<Descriptor> messages() {
        Set<Descriptor> found = new LinkedHashSet<>();
        Shapes.rpcs()
                .forEach(
                        rpc -> {
                            collect(rpc.getInputType(), found);
                            collect(rpc.getOutputType(), found);
                        });
        return found;
    }

    private static void collect(Descriptor message, Set<Descriptor> found) {
        if (!message.getFile().getPackage().equals("keyhold.v1")
                || message.getOptions().getMapEntry()) {
            return;
        }
        if (found.add(message)) {
            message.getFields().stream()
                    .filter(field -> field.getJavaType() == JavaType.MESSAGE)
                    .map(FieldDescriptor::getMessageType)
                    .forEach(nested -> collect(nested, found));
        }
    }
}
