package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.testkit.Facts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {

    private static final List<String> RECORDED = Facts.recordedMessages("TagException");

    @Test
    void aLaterValueTakesTheEarliersPlace() {
        Tags tags = Tags.NONE.with(Map.of("b", "1", "a", "2")).with(Map.of("b", "3", "c", ""));

        assertThat(tags.values())
                .containsExactly(Map.entry("a", "2"), Map.entry("b", "3"), Map.entry("c", ""));
    }

    @Test
    void whatIsRemovedNeedNotBeThere() {
        Tags tags = Tags.NONE.with(Map.of("a", "1", "b", "2"));

        assertThat(tags.without(List.of("b", "none")).values()).isEqualTo(Map.of("a", "1"));
        assertThat(tags.values()).hasSize(2);
    }

    @Test
    void fiftyPassAndOneMoreDoesNot() {
        Tags fifty = Tags.NONE.with(numbered(50));

        assertThat(fifty.with(Map.of("1", "other")).values()).hasSize(50);
        KmsFault fault =
                catchThrowableOfType(KmsFault.class, () -> fifty.with(Map.of("one more", "")));
        assertThat(fault.name()).isEqualTo(FaultName.TagException);
        assertThat(RECORDED).contains(fault.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws:", "aws:x", "AWS:x", "aWs:createdBy"})
    void theServicesOwnNamesAreReserved(String name) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> Tags.requireFree(name));

        assertThat(fault.name()).isEqualTo(FaultName.TagException);
        assertThat(RECORDED).contains(fault.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws", "x-aws:", " aws:", "\u0430ws:"})
    void otherNamesAreFree(String name) {
        Tags.requireFree(name);
    }

    private static Map<String, String> numbered(int count) {
        return IntStream.rangeClosed(1, count)
                .boxed()
                .collect(Collectors.toMap(String::valueOf, n -> "v", (a, b) -> b, TreeMap::new));
    }
}
