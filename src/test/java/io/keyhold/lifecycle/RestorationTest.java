package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.store.CopyMark;
import io.keyhold.store.Drafts;
import io.keyhold.store.Mistrust.Outcome;
import io.keyhold.store.sql.SqlCopy;
import io.keyhold.store.sql.SqlStore;
import io.keyhold.token.Sealed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy of the metadata and a token that is older or newer than it. */
class RestorationTest extends InHouse {

    private static final byte[] PLAINTEXT = {5, 6};
    private static final Duration DAY = Duration.ofDays(1);

    private Path copy;

    @BeforeEach
    void nameTheCopy() {
        copy = folder.resolve("copy.db");
    }

    /** AES-GCM: nobody knows how often it has encrypted since the copy was taken. */
    @Test
    void noMaterialOfACopyEncryptsAnyMore() throws IOException {
        KeyRecord key = house.create();
        KeyRecord disabled = house.create();
        house.change(disabled, now -> house.store().setState(now.arn(), KeyState.Disabled));
        Sealed sealed = house.encrypt(key, PLAINTEXT);
        backUp();

        Outcome accepted = restore();

        assertThat(accepted).isEqualTo(new Outcome(2, List.of(), List.of()));
        KeyRecord ready = house.lifecycle().forEncryption(house.now(key));
        assertThat(ready.currentId()).isNotEqualTo(key.currentId());
        assertThat(ready.current().rotation()).isEqualTo(RotationType.AUTOMATIC);
        assertThat(house.decrypt(ready, key.currentId(), sealed)).isEqualTo(PLAINTEXT);
        house.change(disabled, now -> house.store().setState(now.arn(), KeyState.Enabled));
        assertThat(house.lifecycle().forEncryption(house.now(disabled)).currentId())
                .isNotEqualTo(disabled.currentId());
        house.assertInStep();
    }

    /** What was being created then may have been current since, and have encrypted often. */
    @Test
    void norDoesWhatWasBeingCreated() throws IOException {
        KeyRecord key = house.create();
        BackingKey next = Drafts.backing(2, RotationType.ON_DEMAND);
        house.store().beginBackingKey(key.arn(), next);
        house.keyStore().generate(key.material(next));
        backUp();

        restore();

        KeyRecord finished = house.now(key);
        assertThat(finished.currentId()).isEqualTo(next.id());
        KeyRecord ready = house.lifecycle().forEncryption(finished);
        assertThat(ready.current().generation()).isEqualTo(3);
        house.assertInStep();
    }

    /** Nor if the token comes so late that a caller finds the rotation unfinished. */
    @Test
    void norWhenACallerFinishesIt() throws IOException {
        KeyRecord key = house.create();
        BackingKey next = Drafts.backing(2, RotationType.AUTOMATIC);
        backUp();
        restore();
        house.store().beginBackingKey(key.arn(), next);
        house.keyStore().generate(key.material(next));
        house.sql("UPDATE backing_key SET encryptions = 4294967296");

        KeyRecord ready = house.lifecycle().forEncryption(house.now(key));

        assertThat(ready.current().generation()).isEqualTo(3);
        house.assertInStep();
    }

    /** The rotation before the next encryption is no dated one, and moves none. */
    @Test
    void theRotationThatFollowsMovesNoDate() throws IOException {
        KeyRecord key = house.create();
        house.lifecycle().enableRotation(key.arn(), 90);
        backUp();
        restore();

        KeyRecord before = house.now(key);
        KeyRecord after = house.lifecycle().forEncryption(before);

        assertThat(after.current().generation()).isEqualTo(2);
        assertThat(after.schedule()).isEqualTo(before.schedule());
    }

    /** Put back without a word: the audit journal is ahead of it. */
    @Test
    void aDatabaseThatIsOlderThanTheJournalIsTakenForACopy() throws IOException {
        KeyRecord key = house.create();
        KeyRecord doomed = house.create();
        house.lifecycle().scheduleDeletion(doomed.arn(), 7);
        house.liveInSteps(DAY.multipliedBy(6));
        house.copyDatabase(copy);
        house.lifecycle().cancelDeletion(doomed.arn());
        house.liveInSteps(DAY.multipliedBy(2));
        house.rotate(house.create());
        putBack();

        house.open();

        assertThat(house.lifecycle().forEncryption(house.now(key)).currentId())
                .isNotEqualTo(key.currentId());
        assertThat(house.events("PostponeKeyDeletion")).hasSize(1);
        house.liveInSteps(DAY.multipliedBy(7).minus(Duration.ofHours(1)));
        assertThat(house.now(doomed).state()).isEqualTo(KeyState.PendingDeletion);
        house.liveInSteps(DAY);
        assertThat(house.find(doomed)).isEmpty();
    }

    /** Neither each start anew, before the jobs have run, nor after it was restored properly. */
    @Test
    void itIsTakenForACopyOnce() throws IOException {
        KeyRecord key = withAnOlderDatabase();

        for (int start = 0; start < 3; start++) {
            house.open();
            house.lifecycle().forEncryption(house.now(key));
            house.close();
        }

        house.open();
        assertThat(house.now(key).backingKeys()).hasSize(2);
    }

    @Test
    void aJournalThatWasRenamedIsAheadToo() throws IOException {
        KeyRecord key = withAnOlderDatabase();
        Path journal = folder.resolve("audit/journal.jsonl");
        Files.writeString(journal, "no event\n", StandardOpenOption.APPEND);
        Files.move(journal, journal.resolveSibling("journal-1.jsonl"));

        house.open();

        assertThat(house.lifecycle().forEncryption(house.now(key)).currentId())
                .isNotEqualTo(key.currentId());
    }

    /** Not that it was never used. */
    @Test
    void useSinceTheCopyIsNotKnown() throws IOException {
        house.create();
        house.round();
        backUp();
        house.liveInSteps(DAY.multipliedBy(3));

        restore();

        assertThat(house.lifecycle().trackedSince()).isEqualTo(House.NOW.plus(DAY.multipliedBy(3)));
    }

    /** It is too late for that. */
    @Test
    void aKeyWhoseEndHadBegunIsNotSaidToBePutOff() throws IOException {
        KeyRecord key = house.create();
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        house.store().beginDestruction(key.arn());
        backUp();

        assertThat(restore().deletions()).isEmpty();
    }

    @Test
    void aDatabaseThatIsAsOldAsTheJournalIsTrusted() {
        KeyRecord key = house.create();
        house.round();
        house.clocks().pass(Duration.ofMinutes(10));
        KeyRecord rotated = house.rotate(key);

        house.restart();

        assertThat(house.lifecycle().forEncryption(house.now(key)).currentId())
                .isEqualTo(rotated.currentId());
    }

    /** Keyhold cannot make it new: without it the key would be of no use. */
    @Test
    void importedMaterialGoesOnAndIsNamed() throws IOException {
        KeyRecord key = house.create();
        house.sql("UPDATE kms_key SET origin = 'EXTERNAL'");
        house.restart();
        backUp();

        Outcome accepted = restore();

        assertThat(accepted.others()).containsExactly(key.arn());
        assertThat(accepted.rotating()).isZero();
        KeyRecord ready = house.lifecycle().forEncryption(house.now(key));
        assertThat(ready.currentId()).isEqualTo(key.currentId());
        assertThat(house.store().worn(1L << 31)).containsExactly(key.arn());
    }

    /** Somebody may have called it off since, and the date may have come. */
    @Test
    void aPlannedDeletionIsPutOff() throws IOException {
        KeyRecord key = house.create();
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        house.liveInSteps(DAY);
        backUp();
        house.lifecycle().cancelDeletion(key.arn());
        house.liveInSteps(DAY.multipliedBy(8));

        Outcome accepted = restore();
        house.liveInSteps(DAY.multipliedBy(6));

        assertThat(accepted.deletions()).containsExactly(key.arn());
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
        house.lifecycle().cancelDeletion(key.arn());
        house.liveInSteps(DAY.multipliedBy(2));
        assertThat(house.now(key).state()).isEqualTo(KeyState.Disabled);
        house.assertInStep();
    }

    /** Nor does a clock that is set forward shorten what a restore gave it. */
    @Test
    void aDeletionThatIsPutOffTwiceKeepsTheLongerTime() throws IOException {
        KeyRecord key = house.create();
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        backUp();
        restore();
        house.clocks().jump(DAY.multipliedBy(30));

        house.liveInSteps(DAY.multipliedBy(6));
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
        house.liveInSteps(DAY.multipliedBy(2));

        assertThat(house.find(key)).isEmpty();
    }

    /** Nobody has called it off again. */
    @Test
    void aDeletionThatWasPutOffComes() throws IOException {
        KeyRecord key = house.create();
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        backUp();
        house.liveInSteps(DAY.multipliedBy(5));
        restore();

        house.liveInSteps(DAY.multipliedBy(9));

        assertThat(house.find(key)).isEmpty();
        assertThat(house.keyStore().objects()).isEmpty();
    }

    /** What was made since stays in the token: material of known keys is adopted. */
    @Test
    void anOlderCopyBesideANewerTokenLosesNoMaterial() throws IOException {
        KeyRecord key = house.create();
        backUp();
        KeyRecord rotated = house.rotate(key);
        Sealed sealed = house.encrypt(rotated, PLAINTEXT);
        KeyRecord unknown = house.create();

        restore();

        assertThat(house.lifecycle().findings())
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(Finding.Kind.ADOPTABLE, Finding.Kind.UNKNOWN);
        house.lifecycle().forEncryption(house.now(key));
        KeyRecord adopted = house.lifecycle().adopt(rotated.current().ckaId());
        assertThat(house.decrypt(adopted, rotated.currentId(), sealed)).isEqualTo(PLAINTEXT);
        assertThat(house.lifecycle().findings())
                .singleElement()
                .extracting(found -> found.object().orElseThrow())
                .isEqualTo(unknown.current().ckaId());
    }

    /** What the token lost cannot be had; what it has still decrypts, and nothing is forgotten. */
    @Test
    void aNewerCopyBesideAnOlderTokenLosesNoRow() throws IOException {
        KeyRecord key = house.create();
        Sealed sealed = house.encrypt(key, PLAINTEXT);
        house.close();
        copyTree(hsm.tokens(), folder.resolve("older"));
        house = reopened();
        KeyRecord rotated = house.rotate(key);
        Sealed newer = house.encrypt(rotated, PLAINTEXT);
        KeyRecord gone = house.create();
        backUp();
        house.close();
        Files.move(hsm.tokens(), folder.resolve("newer"));
        Files.move(folder.resolve("older"), hsm.tokens());
        house = reopened();

        restore();

        assertThat(house.now(gone).state()).isEqualTo(KeyState.Unavailable);
        KeyRecord now = house.now(key);
        assertThat(house.decrypt(now, key.currentId(), sealed)).isEqualTo(PLAINTEXT);
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class, () -> house.decrypt(now, rotated.currentId(), newer));
        assertThat(fault.name()).isEqualTo(FaultName.KeyUnavailableException);
        KeyRecord third = house.lifecycle().forEncryption(now);
        assertThat(third.current().generation()).isEqualTo(3);
        assertThat(house.decrypt(third, third.currentId(), house.encrypt(third, PLAINTEXT)))
                .isEqualTo(PLAINTEXT);
        assertThat(third.backingKeys()).hasSize(3);
    }

    @Test
    void aCopyIsNoDatabaseToServeFrom() throws IOException {
        house.create();
        backUp();

        assertThatThrownBy(() -> SqlStore.sqlite(copy, SqlStore.Use.NORMAL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a copy of " + House.NOW)
                .hasMessageContaining("keyhold restore");
    }

    @Test
    void nothingElseIsRestored() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "Dear Sir or Madam, ".repeat(1000));
        Path torn = folder.resolve("torn.db");
        for (int i = 0; i < 20; i++) {
            house.create();
        }
        backUp();
        byte[] whole = Files.readAllBytes(copy);
        Arrays.fill(whole, whole.length / 2, whole.length / 2 + 8192, (byte) 7);
        Files.write(torn, whole);
        byte[] before = Files.readAllBytes(database());

        for (Path wrong : List.of(text, torn, database(), folder.resolve("nothing"))) {
            assertThatThrownBy(() -> SqlCopy.open(wrong, database()))
                    .as(wrong.toString())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(wrong.toString());
        }

        assertThat(Files.readAllBytes(database())).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().contains("restoring"));
        }
    }

    /** A key in a database that is a day older than the journal; the house is closed. */
    private KeyRecord withAnOlderDatabase() throws IOException {
        KeyRecord key = house.create();
        house.round();
        house.copyDatabase(copy);
        house.liveInSteps(DAY);
        house.rotate(house.create());
        putBack();
        return key;
    }

    private void putBack() throws IOException {
        house.close();
        Files.copy(copy, database(), StandardCopyOption.REPLACE_EXISTING);
    }

    private void backUp() throws IOException {
        SqlCopy.take(
                database(), copy, new CopyMark(house.clocks().clocks().wall().instant(), "", 0));
    }

    /** As the command does it, with the house's clocks. */
    private Outcome restore() throws IOException {
        house.close();
        Outcome accepted;
        try (SqlCopy opened = SqlCopy.open(copy, database())) {
            accepted = Restoration.accept(opened, house.clocks().clocks());
            opened.install(folder.resolve("former.db"));
        }
        house.open();
        return accepted;
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
