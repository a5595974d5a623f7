package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.BackingKey;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyUse;
import io.keyhold.key.MaterialUse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is known of the use of keys and their materials, and that it is kept. */
class UsageTest extends InHouse {

    private static final KeyUse USE = new KeyUse("Encrypt", House.NOW, "event", "request");

    @Test
    void nothingIsKnownOfWhatWasNeverUsed() {
        KeyRecord key = house.create();

        assertThat(usage().of(key.current())).isEqualTo(MaterialUse.NONE);
        assertThat(usage().of(key.arn())).isEmpty();
    }

    @Test
    void eachMaterialHasItsOwnUseAndKeepsIt() {
        KeyRecord key = house.create();
        BackingKey first = key.current();
        BackingKey second = house.rotate(key).current();
        usage().encrypted(second);
        house.clocks().pass(Duration.ofHours(2));
        usage().decrypted(first);
        usage().decrypted(first);
        MaterialUse ofFirst =
                new MaterialUse(Optional.empty(), Optional.of(house.clocks().now()), 2);
        MaterialUse ofSecond = new MaterialUse(Optional.of(House.NOW), Optional.empty(), 0);
        assertThat(usage().of(first)).isEqualTo(ofFirst);
        assertThat(usage().of(second)).isEqualTo(ofSecond);

        house.restart();

        assertThat(usage().of(first)).isEqualTo(ofFirst);
        assertThat(usage().of(second)).isEqualTo(ofSecond);
        usage().decrypted(first);
        house.restart();
        assertThat(usage().of(first).decryptions()).isEqualTo(3);
    }

    @Test
    void theLastUseOfAKeyIsKept() {
        KeyRecord key = house.create();
        usage().used(key.arn(), new KeyUse("Decrypt", House.NOW, "e", "r"));
        usage().used(key.arn(), USE);
        house.restart();

        assertThat(usage().of(key.arn())).contains(USE);
    }

    /** Uses come from many threads, and some between two savings. */
    @Test
    void noUseIsMissed() {
        KeyRecord key = house.create();
        IntStream.range(0, 20_000)
                .parallel()
                .forEach(
                        i -> {
                            usage().decrypted(key.current());
                            if (i % 1000 == 0) {
                                usage().save();
                            }
                        });

        house.restart();
        assertThat(usage().of(key.current()).decryptions()).isEqualTo(20_000);
    }

    @Test
    void whatCannotBeStoredNowIsStoredLater() {
        KeyRecord key = house.create();
        usage().decrypted(key.current());
        usage().used(key.arn(), USE);
        house.sql(
                "CREATE TRIGGER no BEFORE INSERT ON key_use BEGIN SELECT RAISE(ABORT, 'no'); END");
        assertThatThrownBy(() -> usage().save()).hasMessageContaining("no");
        house.sql("DROP TRIGGER no");
        usage().save();

        assertThat(house.store().usage().keyUses()).isEqualTo(Map.of(key.arn(), USE));
        assertThat(house.store().usage().materialUses()).containsOnlyKeys(key.current().ckaId());
    }

    private Usage usage() {
        return house.lifecycle().usage();
    }
}
