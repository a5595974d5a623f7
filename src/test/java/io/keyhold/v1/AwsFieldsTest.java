package io.keyhold.v1;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.keyhold.Keyhold;
import io.keyhold.testkit.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * {@code proto/AWS-FIELDS.md} says of every verb, field and literal of AWS KMS whether it is here,
 * and of what is not, why. This test makes it.
 */
class AwsFieldsTest {

    private static final Path FILE = Path.of("proto/AWS-FIELDS.md");
    private static final Path WANTED = Path.of("target/AWS-FIELDS.md");

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path PROTO = Path.of("proto/keyhold/v1");
    private static final Pattern NO_SOURCE =
            Pattern.compile("// Source: none[^\n]*\n  rpc (\\w+)\\(");

    private final Set<String> given = new TreeSet<>();

    @Test
    void theFileSaysWhatThereIs() throws IOException {
        String wanted =
                AbsentFromAws.HEAD + verbs() + shapes() + literals() + ownVerbs() + ownFields();

        Files.writeString(WANTED, wanted);
        assertThat(Files.readString(FILE)).as("%s is not %s", FILE, WANTED).isEqualTo(wanted);
        assertThat(given).as("reasons that are needed").isEqualTo(AbsentFromAws.all());
    }

    /** What is said never to be set is not. */
    @Test
    void whatIsNeverSetIsNot() {
        String names = String.join("|", AbsentFromAws.NEVER_SET.keySet());
        Pattern setters = Pattern.compile("\\.(set|add|addAll|put|putAll)(" + names + ")\\(");

        assertThat(names).isNotEmpty();
        assertThat(texts(SOURCES).flatMap(text -> setters.matcher(text).results()).toList())
                .isEmpty();
    }

    private String verbs() {
        Map<String, MethodDescriptor> ours =
                Shapes.rpcs().collect(Collectors.toMap(MethodDescriptor::getName, rpc -> rpc));
        return table(
                "Verbs",
                "| verb | takes | answers | differs |",
                Facts.api()
                        .path("operations")
                        .propertyStream()
                        .map(verb -> verb(verb.getKey(), verb.getValue(), ours)));
    }

    private String verb(String name, JsonNode verb, Map<String, MethodDescriptor> ours) {
        MethodDescriptor rpc = ours.get(name);
        if (rpc == null) {
            return row(
                    name,
                    fields(verb.path("input")),
                    fields(verb.path("output")),
                    "not here: " + reason(AbsentFromAws.SHAPES, name));
        }
        List<String> differs = new ArrayList<>();
        String takes = fields(verb.path("input"), rpc.getInputType(), differs);
        String answers = fields(verb.path("output"), rpc.getOutputType(), differs);
        return row(name, takes, answers, String.join("; ", differs));
    }

    private String shapes() {
        Map<String, Descriptor> ours =
                ModelTest.nested().collect(Collectors.toMap(Descriptor::getName, type -> type));
        return table(
                "Structures",
                "| structure | fields | differs |",
                Facts.api()
                        .path("nested_shapes")
                        .propertyStream()
                        .filter(shape -> !shape.getValue().isEmpty())
                        .map(shape -> shape(shape.getKey(), shape.getValue(), ours)));
    }

    private String shape(String name, JsonNode shape, Map<String, Descriptor> ours) {
        Descriptor type = ours.get(name);
        if (type == null) {
            return row(name, fields(shape), "not here: " + reason(AbsentFromAws.SHAPES, name));
        }
        List<String> differs = new ArrayList<>();
        return row(name, fields(shape, type, differs), String.join("; ", differs));
    }

    private String fields(JsonNode shape, Descriptor type, List<String> differs) {
        return shape.propertyStream()
                .map(field -> field(field.getKey(), field.getValue().asString(), type, differs))
                .collect(joining(", "));
    }

    private static String fields(JsonNode shape) {
        return shape.propertyStream()
                .map(field -> shown(field.getKey(), field.getValue().asString().endsWith("!")))
                .collect(joining(", "));
    }

    private static String shown(String name, boolean required) {
        return "`" + name + "`" + (required ? "!" : "");
    }

    private String field(String name, String awsType, Descriptor type, List<String> differs) {
        FieldDescriptor field =
                type.getFields().stream()
                        .filter(one -> one.getJsonName().equals(name))
                        .findAny()
                        .orElseThrow(() -> new AssertionError(type.getName() + "." + name));
        Limits limits = field.getOptions().getExtension(Options.limits);
        if (limits.getUnsupported()) {
            differs.add("`%s` is refused: %s".formatted(name, reason(AbsentFromAws.REFUSED, name)));
        }
        if (AbsentFromAws.NEVER_SET.containsKey(name) && !type.getName().endsWith("Request")) {
            differs.add(
                    "`%s` is never set: %s".formatted(name, reason(AbsentFromAws.NEVER_SET, name)));
        }
        boolean required = awsType.endsWith("!");
        if (type.getName().endsWith("Request") && limits.getRequired() != required) {
            differs.add(
                    "`%s` is required: %s".formatted(name, reason(AbsentFromAws.REQUIRED, name)));
        }
        return shown(name, required);
    }

    private String literals() {
        Map<String, EnumDescriptor> ours =
                ModelTest.enums().stream()
                        .collect(
                                Collectors.toMap(
                                        type -> type.getContainingType().getName(), type -> type));
        return table(
                "Literals",
                "| enum | literals | differs |",
                Facts.api()
                        .path("enums")
                        .propertyStream()
                        .map(type -> literals(type.getKey(), type.getValue(), ours)));
    }

    private String literals(String name, JsonNode literals, Map<String, EnumDescriptor> ours) {
        List<String> names = literals.valueStream().map(JsonNode::asString).toList();
        String all = names.stream().map("`%s`"::formatted).collect(joining(", "));
        EnumDescriptor type = ours.get(name);
        if (type == null) {
            return row(name, all, "not here: " + reason(AbsentFromAws.SHAPES, name));
        }
        Set<String> known =
                type.getValues().stream()
                        .map(EnumValueDescriptor::getName)
                        .collect(Collectors.toSet());
        assertThat(known).as(name).containsAll(names).hasSize(names.size() + 1);
        return row(name, all, "");
    }

    /** Those whose comment names no source. */
    private String ownVerbs() {
        Set<String> own =
                texts(PROTO)
                        .flatMap(text -> NO_SOURCE.matcher(text).results())
                        .map(found -> found.group(1))
                        .collect(Collectors.toSet());
        return table(
                "Verbs that AWS has not",
                "| service | verb | what for |",
                Keyhold.services().stream()
                        .flatMap(service -> service.getMethods().stream())
                        .filter(rpc -> own.contains(rpc.getName()))
                        .map(
                                rpc ->
                                        row(
                                                rpc.getService().getName(),
                                                "`" + rpc.getName() + "`",
                                                reason(AbsentFromAws.OWN_VERBS, rpc.getName()))));
    }

    private String ownFields() {
        return table(
                "Fields that AWS has not",
                "| message | field | what for |",
                Stream.concat(
                                ModelTest.nested(),
                                Shapes.rpcs()
                                        .flatMap(
                                                rpc ->
                                                        Stream.of(
                                                                rpc.getInputType(),
                                                                rpc.getOutputType())))
                        .flatMap(type -> type.getFields().stream())
                        .filter(field -> field.getOptions().getExtension(Options.own))
                        .map(
                                field ->
                                        row(
                                                field.getContainingType().getName(),
                                                "`" + field.getJsonName() + "`",
                                                reason(
                                                        AbsentFromAws.OWN_FIELDS,
                                                        field.getJsonName()))));
    }

    private String reason(Map<String, String> reasons, String name) {
        given.add(name);
        return Optional.ofNullable(reasons.get(name))
                .orElseThrow(() -> new AssertionError("no reason is given for " + name));
    }

    private static String table(String title, String head, Stream<String> rows) {
        return "\n## %s\n\n%s\n%s\n%s"
                .formatted(title, head, head.replaceAll("[^|]+", "---"), rows.collect(joining()));
    }

    private static String row(String name, String... cells) {
        return "| `" + name + "` | " + String.join(" | ", cells) + " |\n";
    }

    private static Stream<String> texts(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(AwsFieldsTest::text).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
