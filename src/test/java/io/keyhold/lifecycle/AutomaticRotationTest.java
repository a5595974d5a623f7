package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.key.Schedule;
import io.keyhold.testkit.Logged;
import io.keyhold.token.Sealed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Rotation without a caller, on a real token and a real database, by clocks that are set. */
class AutomaticRotationTest extends InHouse {

    private static final Duration DAY = Duration.ofDays(1);
    private static final int PERIOD = 90;

    @Test
    @DisplayName("Auto rotation | enabled | new material at each date")
    void aKeyRotatesAtEachDateAndNotBefore() {
        KeyRecord key = rotating();
        assertThat(next(key)).isEqualTo(House.NOW.plus(DAY.multipliedBy(PERIOD)));

        house.sleep(DAY.multipliedBy(PERIOD).minusMillis(1));
        assertThat(house.now(key).backingKeys()).hasSize(1);
        house.sleep(Duration.ofMillis(1));

        KeyRecord rotated = house.now(key);
        assertThat(rotated.backingKeys()).hasSize(2);
        assertThat(rotated.current().rotation()).isEqualTo(RotationType.AUTOMATIC);
        assertThat(next(key)).isEqualTo(House.NOW.plus(DAY.multipliedBy(2 * PERIOD)));
        house.round();
        assertThat(house.now(key)).isEqualTo(rotated);
        house.assertInStep();
    }

    /** 25 on demand and 5 by date: 31 objects, and everything ever encrypted decrypts. */
    @Test
    @DisplayName("Auto rotation | data encrypted before | decrypts, whichever material it has")
    void everyGenerationDecrypts() {
        KeyRecord key = rotating();
        List<Written> written = new ArrayList<>();
        written.add(write(key));
        for (int quarter = 0; quarter < 5; quarter++) {
            Instant date = next(key);
            for (int i = 0; i < 5; i++) {
                house.rotate(key);
                written.add(write(key));
            }
            assertThat(next(key)).as("on-demand rotations move no date").isEqualTo(date);
            house.sleep(DAY.multipliedBy(PERIOD));
            written.add(write(key));
        }

        assertThat(house.keyStore().objects()).hasSize(31);
        assertThat(house.now(key).backingKeys())
                .extracting(BackingKey::rotation)
                .filteredOn(RotationType.AUTOMATIC::equals)
                .hasSize(5);
        assertThat(catchThrowableOfType(KmsFault.class, () -> house.rotate(key)).name())
                .isEqualTo(FaultName.LimitExceededException);
        house.restart();
        house.assertInStep();
        for (Written each : written) {
            assertThat(house.decrypt(house.now(key), each.backing.id(), each.sealed))
                    .containsExactly(each.backing.generation());
        }
    }

    @Test
    void aDateThatWasMissedIsMadeUpForOnceByTheNextStart() {
        KeyRecord key = rotating();
        house.clocks().pass(DAY.multipliedBy(3 * PERIOD + 1));
        house.restart();
        house.round();
        house.round();

        assertThat(house.now(key).backingKeys()).hasSize(2);
        assertThat(next(key)).isEqualTo(house.clocks().now().plus(DAY.multipliedBy(PERIOD)));
    }

    @Test
    @DisplayName("Auto rotation | disabled | none at any date, until it is enabled")
    void aDisabledKeyDoesNotRotateAndCatchesUpOnceItIsEnabled() {
        KeyRecord key = rotating();
        set(key, KeyState.Disabled);
        house.sleep(DAY.multipliedBy(PERIOD + 10));
        assertThat(house.now(key).backingKeys()).hasSize(1);

        set(key, KeyState.Enabled);
        house.round();

        assertThat(house.now(key).backingKeys()).hasSize(2);
        assertThat(next(key)).isEqualTo(house.clocks().now().plus(DAY.multipliedBy(PERIOD)));
    }

    @Test
    @DisplayName("Auto rotation | pending deletion | none at any date")
    void aKeyThatIsPendingDeletionDoesNotRotateAndKeepsItsDates() {
        KeyRecord key = rotating();
        house.sleep(DAY.multipliedBy(PERIOD - 5));
        house.lifecycle().scheduleDeletion(key.arn(), 30);
        house.sleep(DAY.multipliedBy(10));
        assertThat(house.now(key).backingKeys()).hasSize(1);

        house.lifecycle().cancelDeletion(key.arn());
        house.round();
        assertThat(house.now(key).backingKeys()).as("it is disabled").hasSize(1);
        set(key, KeyState.Enabled);
        house.round();
        assertThat(house.now(key).backingKeys()).hasSize(2);
    }

    @Test
    void theSamePeriodAgainMovesNoDate() {
        KeyRecord key = rotating();
        Instant date = next(key);
        house.clocks().pass(DAY);

        house.lifecycle().enableRotation(key.arn(), PERIOD);
        assertThat(next(key)).isEqualTo(date);

        house.lifecycle().enableRotation(key.arn(), 100);
        assertThat(next(key)).isEqualTo(house.clocks().now().plus(DAY.multipliedBy(100)));
        house.lifecycle().disableRotation(key.arn());
        assertThat(house.now(key).schedule()).isEqualTo(Schedule.NONE);
        house.sleep(DAY.multipliedBy(200));
        assertThat(house.now(key).backingKeys()).hasSize(1);
    }

    /** R19: whatever the clock does, one rotation a date. */
    @Test
    void aClockThatJumpsToAndFroRotatesOnce() {
        KeyRecord key = rotating();
        house.sleep(DAY.multipliedBy(PERIOD).minus(Duration.ofHours(1)));
        for (int i = 0; i < 3; i++) {
            house.clocks().jump(DAY);
            house.round();
            house.clocks().jump(DAY.negated());
            house.round();
        }

        assertThat(house.now(key).backingKeys()).hasSize(2);
    }

    @Test
    void oneWhoHasNotTheLeaseRotatesNothing() {
        KeyRecord key = rotating();
        house.clocks().pass(DAY.multipliedBy(PERIOD));
        Lease other = new Lease(house.store().jobs(), house.clocks().clocks());
        assertThat(other.take()).isTrue();

        house.round();
        assertThat(house.now(key).backingKeys()).hasSize(1);

        other.close();
        house.round();
        assertThat(house.now(key).backingKeys()).hasSize(2);
    }

    /** A rotation by date that a crash cut short counts as that date's, once. */
    @Test
    void aRotationThatACrashCutShortMovesTheDateOnce() {
        KeyRecord key = rotating();
        house.clocks().pass(DAY.multipliedBy(PERIOD));
        Materials materials = materials();
        BackingKey next = materials.draft(key.id(), 2, RotationType.AUTOMATIC);
        house.store().beginBackingKey(key.arn(), next);
        house.keyStore().generate(key.material(next));

        house.restart();
        house.round();

        assertThat(house.now(key).backingKeys()).hasSize(2);
        assertThat(next(key)).isEqualTo(House.NOW.plus(DAY.multipliedBy(2 * PERIOD)));
        house.assertInStep();
    }

    @Test
    void materialThatHasEncryptedEnoughIsReplacedAndNoDateMoves() {
        KeyRecord key = rotating();
        Instant date = next(key);
        reserve(key, EncryptionCounts.ENOUGH - EncryptionCounts.FIRST - 1);
        house.round();
        assertThat(house.now(key).backingKeys()).hasSize(1);

        reserve(key, 1);
        house.round();

        assertThat(house.now(key).backingKeys()).hasSize(2);
        assertThat(house.now(key).current().rotation()).isEqualTo(RotationType.AUTOMATIC);
        assertThat(next(key)).isEqualTo(date);
        house.round();
        assertThat(house.now(key).backingKeys()).hasSize(2);
    }

    /** As after a restore: the next encryption itself brings the new material. */
    @Test
    void materialThatMayEncryptNoMoreIsReplacedBeforeTheNextEncryption() {
        KeyRecord key = house.create();
        reserve(key, EncryptionCounts.MOST);
        house.restart();

        KeyRecord fresh = house.lifecycle().forEncryption(house.now(key));

        assertThat(fresh.current().generation()).isEqualTo(2);
        assertThat(house.lifecycle().forEncryption(key).currentId()).isEqualTo(fresh.currentId());
        assertThat(house.now(key).backingKeys()).hasSize(2);
    }

    @Test
    void aKeyThatCannotRotateIsWarnedOfOnceAndRefusesInTheEnd() {
        KeyRecord key = imported(house.create());
        reserve(key, EncryptionCounts.MANY);
        try (Logged log = Logged.by("io.keyhold.lifecycle")) {
            house.round();
            house.round();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains(key.arn().toString())
                    .contains("2^30");
        }
        reserve(key, EncryptionCounts.MOST);
        house.round();
        assertThat(house.now(key).backingKeys()).hasSize(1);

        house.restart();
        KmsFault refused =
                catchThrowableOfType(
                        KmsFault.class, () -> house.lifecycle().forEncryption(house.now(key)));
        assertThat(refused.name()).isEqualTo(FaultName.LimitExceededException);
        assertThat(refused.text()).contains(key.arn().toString(), "RotateKeyOnDemand");
    }

    @Test
    void eachRotationIsRecorded() {
        KeyRecord key = rotating();
        house.rotate(key);
        house.sleep(DAY.multipliedBy(PERIOD));

        KeyRecord now = house.now(key);
        assertThat(house.events("RotateKey"))
                .extracting(event -> event.at("/serviceEventDetails/rotationType").asString())
                .containsExactly("ON_DEMAND", "AUTOMATIC");
        JsonNode last = house.events("RotateKey").getLast();
        assertThat(last.at("/resources/0/ARN").asString()).isEqualTo(key.arn().toString());
        assertThat(last.path("eventType").asString()).isEqualTo("AwsServiceEvent");
        assertThat(last.at("/serviceEventDetails/keyMaterialId").asString())
                .isEqualTo(now.current().keyMaterialId());
    }

    private Materials materials() {
        return new Materials(
                house.store(),
                house.keyStore(),
                null,
                new EncryptionCounts(house.store()),
                null,
                house.clocks().clocks());
    }

    private KeyRecord rotating() {
        KeyRecord key = house.create();
        return house.lifecycle().enableRotation(key.arn(), PERIOD);
    }

    /** The key as it would be if somebody had imported its material. */
    private KeyRecord imported(KeyRecord key) {
        house.sql("UPDATE kms_key SET origin = 'EXTERNAL'");
        house.restart();
        return house.now(key);
    }

    private void set(KeyRecord key, KeyState state) {
        house.change(key, now -> house.store().setState(now.arn(), state));
    }

    private void reserve(KeyRecord key, long more) {
        house.store().reserveEncryptions(key.arn(), house.now(key).currentId(), more);
    }

    private Instant next(KeyRecord key) {
        return house.now(key).schedule().rotation().orElseThrow().next();
    }

    private Written write(KeyRecord key) {
        KeyRecord now = house.now(key);
        byte[] plaintext = {(byte) now.current().generation()};
        return new Written(now.current(), house.encrypt(now, plaintext));
    }

    private record Written(BackingKey backing, Sealed sealed) {}
}
