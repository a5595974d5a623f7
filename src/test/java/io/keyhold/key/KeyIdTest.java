package io.keyhold.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.testkit.Seeded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIdTest {

    @Test
    void randomIdsAreDifferentVersion4UuidsOfOneRegion() {
        KeyId one = KeyId.random();

        assertThat(one.multiRegion()).isFalse();
        assertThat(one.value().version()).isEqualTo(4);
        assertThat(one).isNotEqualTo(KeyId.random());
    }

    @Test
    void multiRegionIdsCarryTheSame16BytesInAnotherSpelling() {
        KeyId one = KeyId.parse("1234abcd-12ab-34cd-56ef-1234567890ab").orElseThrow();
        KeyId many = KeyId.parse("mrk-1234abcd12ab34cd56ef1234567890ab").orElseThrow();

        assertThat(many.multiRegion()).isTrue();
        assertThat(many.value()).isEqualTo(one.value());
        assertThat(many).isNotEqualTo(one);
    }

    @Test
    void whatIsWrittenParsesToTheSame() {
        Seeded.cases(
                500,
                random -> {
                    KeyId id =
                            new KeyId(
                                    new UUID(random.nextLong(), random.nextLong()),
                                    random.nextBoolean());
                    assertThat(KeyId.parse(id.toString())).contains(id);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fake-key-id",
                "mrk-fake-key-id",
                "134f2428cec14b25a1ae9048164dba47",
                "1234ABCD-12AB-34CD-56EF-1234567890AB",
                "1234abcD-12ab-34cd-56ef-1234567890ab",
                "1234abcd-12ab-34cD-56ef-1234567890ab",
                "1234abcd-12ab-34cd-56ef-1234567890aB",
                "1234abcd-12ab-34cd-56ef-1234567890ab ",
                " 1234abcd-12ab-34cd-56ef-1234567890ab",
                "1234abcd-12ab-34cd-56ef-1234567890ab\n",
                "1234abcd-12ab-34cd-56ef-1234567890a",
                "1234abcd-12ab-34cd-56ef-1234567890abc",
                "1-2-3-4-5",
                "{1234abcd-12ab-34cd-56ef-1234567890ab}",
                "mrk-1234abcd-12ab-34cd-56ef-1234567890ab",
                "mrk-1234ABCD12ab34cd56ef1234567890ab",
                "MRK-1234abcd12ab34cd56ef1234567890ab",
                "mrk-1234abcd12ab34cd56ef1234567890a",
                "mrk-1234abcd12ab34cd56ef1234567890abc",
                "mrk-",
                "١234abcd-12ab-34cd-56ef-1234567890ab",
            })
    void anySpellingButAwssIsRefused(String text) {
        assertThat(KeyId.parse(text)).isEmpty();
    }

    @Test
    void idsSortAsTheirTextDoesWhichIsTheOrderOfListKeys() {
        List<KeyId> ids = new ArrayList<>();
        for (int high = -2; high <= 2; high++) {
            ids.add(new KeyId(new UUID((long) high << 60, high), high % 2 == 0));
        }

        assertThat(ids.stream().sorted())
                .containsExactlyElementsOf(
                        ids.stream().sorted(Comparator.comparing(KeyId::toString)).toList());
    }
}
