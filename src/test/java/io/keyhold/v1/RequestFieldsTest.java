package io.keyhold.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Timestamp;
import io.keyhold.testkit.Facts;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The requests' fields and their limits, held against AWS's model. */
class RequestFieldsTest {

    /** Asked for here, not by AWS: the one case that does without is not supported yet. */
    private static final Set<String> REQUIRED_TOO =
            Set.of("Decrypt.CiphertextBlob", "ReEncrypt.CiphertextBlob");

    /** In AWS's API reference, or our own; its model allows 1000 everywhere, or says nothing. */
    private static final Map<String, String> NARROWER =
            Map.ofEntries(
                    Map.entry("ListAliases.Limit", "1..100"),
                    Map.entry("ListResourceTags.Limit", "1..50"),
                    Map.entry("ScheduleKeyDeletion.PendingWindowInDays", "7..30"),
                    Map.entry("CreateGrant.GranteeServicePrincipal", "1..256"),
                    Map.entry("CreateGrant.RetiringServicePrincipal", "1..256"),
                    Map.entry("ListGrants.GranteeServicePrincipal", "1..256"),
                    Map.entry("ListRetirableGrants.RetiringServicePrincipal", "1..256"),
                    Map.entry("Encapsulate.KeyId", "1..2048"),
                    Map.entry("Encapsulate.GrantTokens", "0..10"),
                    Map.entry("Decapsulate.KeyId", "1..2048"),
                    Map.entry("Decapsulate.GrantTokens", "0..10"),
                    Map.entry("Decapsulate.SharedSecretCiphertextBlob", "1..6144"));

    /** In AWS's API reference, not in its model. */
    private static final Map<String, String> NESTED =
            Map.of(
                    "Tag.TagKey", "required 1..128",
                    "Tag.TagValue", "required 0..256",
                    "RecipientInfo.KeyEncryptionAlgorithm", "",
                    "RecipientInfo.AttestationDocument", "1..262144",
                    "GrantConstraints.EncryptionContextSubset", "..8",
                    "GrantConstraints.EncryptionContextEquals", "..8",
                    "GrantConstraints.SourceArn", "1..2048");

    @ParameterizedTest
    @MethodSource("io.keyhold.v1.Shapes#rpcs")
    void requestHasAwssFieldsAndTypes(MethodDescriptor rpc) {
        assertThat(Shapes.fields(rpc.getInputType()))
                .containsExactlyInAnyOrderEntriesOf(Shapes.fields(input(rpc)));
    }

    @ParameterizedTest
    @MethodSource("io.keyhold.v1.Shapes#rpcs")
    void requestRequiresWhatAwsRequires(MethodDescriptor rpc) {
        for (FieldDescriptor field : rpc.getInputType().getFields()) {
            boolean required = input(rpc).path(field.getJsonName()).asString().endsWith("!");
            String name = rpc.getName() + "." + field.getJsonName();

            assertThat(limits(field).getRequired())
                    .as(name)
                    .isEqualTo(required || REQUIRED_TOO.contains(name));
        }
    }

    @ParameterizedTest
    @MethodSource("io.keyhold.v1.Shapes#rpcs")
    void requestHasAwssLimits(MethodDescriptor rpc) {
        JsonNode constraints = Facts.api().path("input_constraints").path(rpc.getName());
        for (FieldDescriptor field : rpc.getInputType().getFields()) {
            JsonNode wanted = constraints.path(field.getJsonName());
            Limits limits = limits(field);

            String name = rpc.getName() + "." + field.getJsonName();
            String range = wanted.path("min").asString("") + ".." + wanted.path("max").asString("");

            assertThat(range(limits)).as(name).isEqualTo(NARROWER.getOrDefault(name, range));
            assertThat(limits.getPattern()).as(name).isEqualTo(wanted.path("pattern").asString(""));
        }
    }

    @Test
    void requestsNestOnlyTheseMessagesAndTheirLimitsAreKnown() {
        Set<Descriptor> nested =
                Shapes.rpcs()
                        .flatMap(rpc -> rpc.getInputType().getFields().stream())
                        .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                        .filter(field -> !field.isMapField())
                        .map(FieldDescriptor::getMessageType)
                        .filter(message -> message != Timestamp.getDescriptor()) // AWS's Date
                        .collect(Collectors.toSet());
        assertThat(nested)
                .containsExactlyInAnyOrder(
                        Tag.getDescriptor(),
                        RecipientInfo.getDescriptor(),
                        GrantConstraints.getDescriptor());

        for (Descriptor message : nested) {
            for (FieldDescriptor field : message.getFields()) {
                String name = message.getName() + "." + field.getJsonName();
                String required = limits(field).getRequired() ? "required " : "";
                String range = range(limits(field));
                assertThat(required + (range.equals("..") ? "" : range))
                        .as(name)
                        .isEqualTo(NESTED.get(name));
            }
        }
    }

    @Test
    void everyPatternIsARegularExpressionOfJava() {
        assertThat(Shapes.rpcs().flatMap(rpc -> rpc.getInputType().getFields().stream()))
                .map(field -> limits(field).getPattern())
                .allSatisfy(pattern -> assertThat(Pattern.compile(pattern)).isNotNull());
    }

    private static JsonNode input(MethodDescriptor rpc) {
        return Facts.api().path("operations").path(rpc.getName()).path("input");
    }

    private static Limits limits(FieldDescriptor field) {
        return field.getOptions().getExtension(Options.limits);
    }

    private static String range(Limits limits) {
        return (limits.hasMin() ? limits.getMin() : "")
                + ".."
                + (limits.hasMax() ? limits.getMax() : "");
    }
}
