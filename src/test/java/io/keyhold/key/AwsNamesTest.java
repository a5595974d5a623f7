package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import io.keyhold.testkit.Facts;
import io.keyhold.v1.KeyManagerType;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.OriginType;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The nouns map to the protocol's enums by literal name, so the names must be equal. */
class AwsNamesTest {

    /** Of every AWS service, so that the model of KMS does not list them. */
    private static final Set<String> COMMON =
            Set.of(
                    "AccessDeniedException",
                    "ExpiredTokenException",
                    "IncompleteSignatureException",
                    "InvalidSignatureException",
                    "MissingAuthenticationTokenException",
                    "SerializationException",
                    "ThrottlingException",
                    "UnknownOperationException",
                    "UnrecognizedClientException",
                    "ValidationException");

    /** Of AWS IAM. */
    private static final Set<String> IAM =
            Set.of(
                    "DeleteConflictException",
                    "EntityAlreadyExistsException",
                    "InvalidInputException",
                    "NoSuchEntityException");

    private static final Set<String> STS = Set.of("PackedPolicyTooLargeException");

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void nounAndProtocolHaveTheSameLiterals(EnumDescriptor protocol, Class<Enum<?>> noun) {
        List<String> literals =
                protocol.getValues().stream()
                        .filter(value -> value.getNumber() != 0)
                        .map(EnumValueDescriptor::getName)
                        .toList();

        assertThat(noun.getEnumConstants())
                .filteredOn(each -> each != KeyUsage.UNWRAP) // which no caller sees
                .extracting(Enum::name)
                .containsExactlyInAnyOrderElementsOf(literals);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                arguments(io.keyhold.v1.KeySpec.Value.getDescriptor(), KeySpec.class),
                arguments(KeyUsageType.Value.getDescriptor(), KeyUsage.class),
                arguments(OriginType.Value.getDescriptor(), KeyOrigin.class),
                arguments(KeyManagerType.Value.getDescriptor(), KeyManager.class),
                arguments(io.keyhold.v1.KeyState.Value.getDescriptor(), KeyState.class),
                arguments(io.keyhold.v1.ImportType.Value.getDescriptor(), ImportType.class),
                arguments(io.keyhold.v1.RotationType.Value.getDescriptor(), RotationType.class));
    }

    @Test
    void everyFaultHasAnExceptionNameOfAws() {
        for (FaultName fault : FaultName.values()) {
            boolean known =
                    COMMON.contains(fault.name())
                            || IAM.contains(fault.name())
                            || STS.contains(fault.name())
                            || Facts.api().path("errors").has(fault.name());
            assertThat(known).as("AWS has %s", fault).isTrue();
        }
    }
}
