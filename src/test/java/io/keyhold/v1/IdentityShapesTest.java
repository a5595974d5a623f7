package io.keyhold.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of the service Identity, of which the house has no model of AWS. */
class IdentityShapesTest {

    private static final List<String> PAGED =
            List.of("Marker", "MaxItems", "IsTruncated", "Marker");

    static List<MethodDescriptor> rpcs() {
        return IdentityProto.getDescriptor().findServiceByName("Identity").getMethods();
    }

    @ParameterizedTest
    @MethodSource("rpcs")
    void messagesHaveTheNameOfTheirRpc(MethodDescriptor rpc) {
        assertThat(rpc.getInputType().getName()).isEqualTo(rpc.getName() + "Request");
        assertThat(rpc.getOutputType().getName()).isEqualTo(rpc.getName() + "Response");
    }

    @ParameterizedTest
    @MethodSource("rpcs")
    void listsGoPageByPage(MethodDescriptor rpc) {
        List<String> paging =
                Stream.concat(
                                rpc.getInputType().getFields().stream(),
                                rpc.getOutputType().getFields().stream())
                        .map(FieldDescriptor::getJsonName)
                        .filter(PAGED::contains)
                        .toList();
        boolean list = rpc.getName().startsWith("List") || rpc.getName().equals("GetGroup");

        assertThat(paging).hasSize(list ? PAGED.size() : 0);
    }

    @Test
    void whetherAFieldIsSetCanAlwaysBeSeen() {
        assertThat(fields())
                .allSatisfy(
                        field ->
                                assertThat(field.hasPresence() || field.isRepeated())
                                        .as(field.getFullName())
                                        .isTrue());
    }

    /** IAM's names begin with a capital letter. */
    @Test
    void namesAreIams() {
        assertThat(fields())
                .allSatisfy(
                        field ->
                                assertThat(field.getJsonName())
                                        .matches("[A-Z][A-Za-z]+")
                                        .isEqualToIgnoringCase(field.getName().replace("_", "")));
    }

    @Test
    void everyPatternIsARegularExpressionOfJava() {
        assertThat(fields())
                .map(field -> field.getOptions().getExtension(Options.limits).getPattern())
                .allSatisfy(pattern -> assertThat(Pattern.compile(pattern)).isNotNull());
    }

    private static List<FieldDescriptor> fields() {
        return rpcs().stream()
                .flatMap(rpc -> Stream.of(rpc.getInputType(), rpc.getOutputType()))
                .flatMap(message -> message.getFields().stream())
                .toList();
    }
}
