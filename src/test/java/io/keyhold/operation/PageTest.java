package io.keyhold.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.testkit.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    @Test
    void aMarkerNamesTheLastElementSeen() {
        Seeded.cases(
                300,
                random -> {
                    String last = Seeded.text(random, 0, 60);
                    assertThat(Page.last("ListKeys", Page.marker("ListKeys", last)))
                            .isEqualTo(last);
                });
    }

    @Test
    void aMarkerKeepsTheLimitsOfItsField() {
        // 1 to 1024 characters, printable ASCII: what the next request's Marker must satisfy.
        String longest = Page.marker("ListKeyRotations", "mrk-" + "a".repeat(32) + "/" + 1_000_000);

        assertThat(longest).matches("[A-Za-z0-9_-]{1,1024}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "%%%", "AAAA", "TGlzdEtleXM", "ListKeys:abc", "é"})
    void whatWasNoMarkerIsRefused(String marker) {
        assertThat(refusal(marker)).isEqualTo(FaultName.InvalidMarkerException);
    }

    @Test
    void aMarkerOfAnotherVerbIsRefused() {
        String foreign = Page.marker("ListKeyRotations", "1234abcd-12ab-34cd-56ef-1234567890ab");

        assertThat(refusal(foreign)).isEqualTo(FaultName.InvalidMarkerException);
    }

    @Test
    void anyBytesAsAMarkerEndInInvalidMarkerOrInAnElement() {
        Seeded.cases(
                500,
                random -> {
                    String marker = Seeded.text(random, 0, 40);
                    try {
                        assertThat(Page.last("ListKeys", marker)).isNotNull();
                    } catch (KmsFault fault) {
                        assertThat(fault.name()).isEqualTo(FaultName.InvalidMarkerException);
                    }
                });
    }

    @Test
    void theLastPageHasNoMarker() {
        assertThat(Page.of(List.of(), 3, Function.identity()).marker()).isEmpty();
        assertThat(Page.of(List.of("a", "b", "c"), 3, Function.identity()).marker()).isEmpty();
    }

    @Test
    void aFullPageWithMoreBehindItHasTheMarkerOfItsOwnLastElement() {
        Page<String> page = Page.of(List.of("a", "b", "c"), 2, last -> "after " + last);

        assertThat(page.elements()).containsExactly("a", "b");
        assertThat(page.marker()).contains("after b");
    }

    @Test
    void pagesTogetherAreTheListWithNothingDoubledOrLost() {
        Seeded.cases(
                100,
                random -> {
                    List<Integer> all = IntStream.range(0, random.nextInt(30)).boxed().toList();
                    int limit = random.nextInt(1, 12);
                    List<Integer> seen = new ArrayList<>();
                    Optional<String> marker = Optional.of(Page.marker("ListKeys", "-1"));
                    while (marker.isPresent()) {
                        int after = Integer.parseInt(Page.last("ListKeys", marker.get()));
                        Page<Integer> page =
                                Page.of(
                                        all.stream()
                                                .filter(i -> i > after)
                                                .limit(limit + 1)
                                                .toList(),
                                        limit,
                                        last -> Page.marker("ListKeys", last.toString()));
                        assertThat(page.elements()).hasSizeLessThanOrEqualTo(limit);
                        seen.addAll(page.elements());
                        marker = page.marker();
                    }
                    assertThat(seen).isEqualTo(all);
                });
    }

    private static FaultName refusal(String marker) {
        return catchThrowableOfType(KmsFault.class, () -> Page.last("ListKeys", marker)).name();
    }
}
