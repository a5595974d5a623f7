package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.FaultName;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Schedule;
import io.keyhold.store.Drafts;
import io.keyhold.store.MetadataStore.Tombstone;
import io.keyhold.token.pkcs11.Shim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The end of keys: never before its time, and then for ever. */
class DeletionTest extends InHouse {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    @BeforeEach
    void beatOnce() {
        house.round();
    }

    @Test
    @DisplayName("Deletion | after the waiting period | all material is destroyed, not before")
    void aKeyIsDeletedWithAllItsObjectsWhenItsTimeHasCome() {
        KeyRecord kept = house.create();
        KeyRecord key = house.create();
        house.rotate(key);
        house.rotate(key);
        schedule(key, 7);

        house.liveInSteps(DAY.multipliedBy(7).minus(Duration.ofMinutes(1)));
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
        assertThat(house.keyStore().objects()).hasSize(4);
        house.liveInSteps(Duration.ofMinutes(1));

        assertGone(key);
        assertThat(house.keyStore().objects()).hasSize(1);
        house.encrypt(kept, new byte[1]);
        assertThat(house.events("DeleteKey"))
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.at("/serviceEventDetails/materials").asInt())
                                        .isEqualTo(3));
        house.restart();
        assertGone(key);
        house.assertInStep();
    }

    @Test
    void anIdIsNeverUsedAgain() {
        KeyRecord key = delete();

        assertThatThrownBy(() -> house.store().beginKey(Drafts.key(key.id(), "again")))
                .hasMessageContaining("was deleted");
        assertThat(house.store().unfinished()).isEmpty();
    }

    @Test
    void aliasesAndGrantsGoWithTheirKey() {
        KeyRecord key = house.create();
        Arn name = Arn.alias("aws", House.REGION, House.ACCOUNT, "alias/doomed");
        house.aliases()
                .create(
                        new Alias(name, key.id(), House.NOW, House.NOW),
                        house.store()::createAlias);
        Grant grant =
                house.grants()
                        .create(
                                Drafts.grant(key.arn(), "doomed", GrantConstraints.NONE),
                                house.store()::createGrant);
        schedule(key, 7);
        house.liveInSteps(DAY.multipliedBy(7));

        assertGone(key);
        assertThat(house.aliases().find(name)).isEmpty();
        assertThat(house.grants().find(key.arn(), grant.id())).isEmpty();
        assertThat(house.store().aliases()).isEmpty();
        assertThat(house.store().grants()).isEmpty();
        KeyRecord next = house.create();
        house.aliases()
                .create(
                        new Alias(name, next.id(), House.NOW, House.NOW),
                        house.store()::createAlias);
    }

    @Test
    void aDeletionThatWasCalledOffNeverComes() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.liveInSteps(DAY);

        KeyRecord cancelled = house.lifecycle().cancelDeletion(key.arn());

        assertThat(cancelled.state()).isEqualTo(KeyState.Disabled);
        assertThat(cancelled.schedule()).isEqualTo(Schedule.NONE);
        house.liveInSteps(DAY.multipliedBy(8));
        assertThat(house.now(key)).isEqualTo(cancelled);
        assertThat(house.keyStore().objects()).hasSize(1);
    }

    /** R19: what was never seen to pass is no waiting period. */
    @Test
    void aClockThatIsSetForwardDeletesNothingFor24Hours() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.liveInSteps(DAY);

        house.clocks().jump(DAY.multipliedBy(30));
        house.round();

        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
        assertThat(date(key)).isEqualTo(house.clocks().now().plus(DAY));
        assertThat(house.events("PostponeKeyDeletion"))
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.at("/serviceEventDetails/reason").asString())
                                        .contains("went on by 2592000 s within 0 s"));
        house.liveInSteps(DAY.minus(HOUR));
        house.lifecycle().cancelDeletion(key.arn());
        house.liveInSteps(DAY);
        assertThat(house.keyStore().objects()).hasSize(1);
    }

    @Test
    void afterThose24HoursItComes() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.clocks().jump(DAY.multipliedBy(30));
        house.round();
        house.liveInSteps(DAY.minus(Duration.ofMinutes(2)));
        assertThat(house.find(key)).isPresent();

        house.liveInSteps(Duration.ofMinutes(5));

        assertGone(key);
    }

    /** The clock is set back and forth: the 24 hours are hours in which the daemon ran. */
    @Test
    void aSecondJumpDoesNotShortenThose24Hours() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.clocks().jump(DAY.multipliedBy(30));
        house.round();
        for (int i = 0; i < 40; i++) {
            // Below what is doubted, each time.
            house.clocks().jump(Duration.ofMinutes(55));
            house.liveInSteps(Duration.ofMinutes(5));
        }
        assertThat(date(key)).isBefore(house.clocks().now());
        assertThat(house.find(key)).isPresent();

        house.liveInSteps(DAY);
        assertGone(key);
    }

    @Test
    void aDaemonThatDidNotRunWhenTheTimeCameWaitsToo() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.clocks().pass(DAY.multipliedBy(8));
        house.restart();
        house.round();
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
        assertThat(house.events("PostponeKeyDeletion"))
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.at("/serviceEventDetails/reason").asString())
                                        .contains("Nobody looked at the clock for 691200 s"));

        house.liveInSteps(DAY.plus(Duration.ofMinutes(1)));
        assertGone(key);
    }

    /**
     * What was due before anybody had a doubt is done, and a gap that makes nothing due is none.
     */
    @Test
    void aGapConcernsOnlyWhatItMakesDue() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.sleep(DAY.multipliedBy(6));
        assertThat(house.events("PostponeKeyDeletion")).isEmpty();
        assertThat(date(key)).isEqualTo(House.NOW.plus(DAY.multipliedBy(7)));

        house.liveInSteps(DAY);
        assertGone(key);
    }

    @Test
    void aClockThatIsSetBackDeletesNothingEarly() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.liveInSteps(DAY);
        house.clocks().jump(DAY.negated());
        house.liveInSteps(DAY.multipliedBy(6).plus(HOUR));
        assertThat(house.find(key)).isPresent();
        house.clocks().jump(DAY);
        house.round();
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
    }

    @Test
    void whatBeganBeforeACrashIsFinishedByTheNextStart() {
        KeyRecord key = house.create();
        house.rotate(key);
        schedule(key, 7);
        house.store().beginDestruction(key.arn());
        house.keyStore().destroy(key.material(key.current()));

        house.restart();

        assertGone(key);
        assertThat(house.keyStore().objects()).isEmpty();
        house.assertInStep();
    }

    @Test
    void aTokenThatIsAwayIsWaitedFor() {
        house.close();
        Shim shim = Shim.fresh();
        house =
                new House(
                        hsm.behind(shim, 4, Duration.ofSeconds(10)), folder.resolve("keyhold.db"));
        KeyRecord key = house.create();
        schedule(key, 7);
        house.liveInSteps(DAY.multipliedBy(7).minus(HOUR));
        shim.failBefore("C_DestroyObject", Shim.CKR_DEVICE_ERROR, 1);
        house.liveInSteps(HOUR);

        assertThat(house.find(key)).as("its end has begun").isEmpty();

        house.awaitRecovery();
        assertGone(key);
        assertThat(house.events("DeleteKey")).hasSize(1);
        assertThat(house.keyStore().objects()).isEmpty();
    }

    @Test
    void nothingIsDestroyedThatCannotBeRecorded() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.liveInSteps(DAY.multipliedBy(7).minus(HOUR));
        house.closeJournal();
        house.liveInSteps(HOUR);

        assertThat(house.store().doomed()).hasSize(1);
        assertThat(house.keyStore().objects()).hasSize(1);

        house.restart();
        assertGone(key);
        assertThat(house.events("DeleteKey")).hasSize(1);
        assertThat(house.keyStore().objects()).isEmpty();
    }

    /** SoftHSM does not see it again before it is initialised anew: it is there all the same. */
    @Test
    void anObjectThatTheTokenHasLostSightOfIsNotAbsent() throws IOException {
        house.create(); // so that the token is seen to be well
        Set<Path> before = files();
        KeyRecord key = house.create();
        Set<Path> made = files();
        made.removeAll(before);
        Path object = made.iterator().next();
        house.encrypt(key, new byte[1]);
        schedule(key, 7);
        house.liveInSteps(DAY.multipliedBy(7).minus(HOUR));
        Files.move(object, folder.resolve("hidden"));
        hsm.toolAsUser("--keygen", "--key-type", "AES:32", "--label", "touch", "--id", "0102");
        hsm.toolAsUser("--delete-object", "--type", "secrkey", "--label", "touch");
        assertThat(house.keyStore().objects()).hasSize(1);
        Files.move(folder.resolve("hidden"), object);

        house.liveInSteps(HOUR);
        house.restart();

        assertGone(key);
        assertThat(house.keyStore().objects()).hasSize(1);
        assertThat(object).doesNotExist();
    }

    private Set<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(hsm.tokens())) {
            return files.filter(file -> file.toString().endsWith(".object"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void aKeyWhoseEndHasBegunCannotBeSaved() {
        KeyRecord key = delete();

        assertNotFound(() -> house.lifecycle().cancelDeletion(key.arn()));
        assertNotFound(() -> house.rotate(key));
    }

    private KeyRecord delete() {
        KeyRecord key = house.create();
        schedule(key, 7);
        house.liveInSteps(DAY.multipliedBy(7));
        return key;
    }

    private void schedule(KeyRecord key, int days) {
        KeyRecord now = house.lifecycle().scheduleDeletion(key.arn(), days);
        assertThat(now.state()).isEqualTo(KeyState.PendingDeletion);
        assertThat(date(key)).isEqualTo(house.clocks().now().plus(DAY.multipliedBy(days)));
    }

    private Instant date(KeyRecord key) {
        return house.now(key).schedule().deletion().orElseThrow().date();
    }

    private void assertGone(KeyRecord key) {
        assertThat(house.find(key)).isEmpty();
        assertThat(house.store().keys()).doesNotContain(key);
        assertThat(house.store().doomed()).isEmpty();
        assertThat(house.store().tombstones()).extracting(Tombstone::key).contains(key.arn());
    }

    private static void assertNotFound(ThrowingCallable call) {
        assertThat(catchThrowableOfType(KmsFault.class, call).name())
                .isEqualTo(FaultName.NotFoundException);
    }
}
