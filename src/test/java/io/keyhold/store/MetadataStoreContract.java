package io.keyhold.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.Alias;
import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Canary;
import io.keyhold.key.Grant;
import io.keyhold.key.GrantConstraints;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.KeyId;
import io.keyhold.key.KeyPolicy;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.RotationType;
import io.keyhold.key.Schedule;
import io.keyhold.key.Tags;
import io.keyhold.store.MetadataStore.Doomed;
import io.keyhold.store.MetadataStore.Unfinished;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for the port {@link MetadataStore}. */
public abstract class MetadataStoreContract {

    private static final Canary CANARY = new Canary(new byte[] {1, 2, 3});
    private static final Canary OTHER = new Canary(new byte[] {4, 5});

    private static final KeyPolicy ANOTHER_POLICY =
            new KeyPolicy("another policy", Map.of("arn:aws:iam::1:user/a", "AIDA"));

    private MetadataStore store;

    /** Opens one and the same database. */
    protected abstract MetadataStore open() throws IOException;

    @BeforeEach
    void openFirst() throws IOException {
        store = open();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aNewStoreIsEmpty() {
        assertThat(store.keys()).isEmpty();
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void aKeyThatWasBegunIsNotThereYet() {
        KeyRecord draft = Drafts.key("a key");
        store.beginKey(draft);

        assertThat(store.keys()).isEmpty();
        assertThat(store.unfinished()).containsExactly(new Unfinished(draft, draft.current()));
    }

    @Test
    void aKeyIsThereWithItsFirstMaterial() {
        KeyRecord draft = Drafts.key("a key");
        store.beginKey(draft);

        KeyRecord key = store.activate(draft.arn(), draft.currentId(), CANARY, 0, Schedule.NONE);

        assertThat(key).isEqualTo(Drafts.active(draft, 1, draft.current(), CANARY));
        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void everyFieldComesBack() throws IOException {
        KeyRecord draft =
                Drafts.key(
                        "quotes ' \" and \\ ; -- \n tabs \t \u00e4\u4e2d\ud83d\udd11 "
                                + "x".repeat(8000));
        store.beginKey(draft);
        KeyRecord key = store.activate(draft.arn(), draft.currentId(), CANARY, 0, Schedule.NONE);
        reopen();

        assertThat(store.keys()).containsExactly(key);
        assertThat(store.keys().getFirst().description()).isEqualTo(draft.description());
        assertThat(store.keys().getFirst().createdAt()).isEqualTo(draft.createdAt());
        assertThat(store.keys().getFirst().current().canary()).isEqualTo(CANARY);
    }

    @Test
    void aMultiRegionKeyComesBack() throws IOException {
        KeyRecord draft = Drafts.key(new KeyId(UUID.randomUUID(), true), "replica");
        store.beginKey(draft);
        KeyRecord key = store.activate(draft.arn(), draft.currentId(), CANARY, 0, Schedule.NONE);
        reopen();

        assertThat(store.keys()).containsExactly(key);
        assertThat(key.id().toString()).startsWith("mrk-");
    }

    @Test
    void newMaterialIsCurrentOnlyOnceItIsActive() {
        KeyRecord key = created();
        BackingKey next = Drafts.backing(2, RotationType.ON_DEMAND);

        store.beginBackingKey(key.arn(), next);
        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished()).containsExactly(new Unfinished(key, next));

        KeyRecord rotated = store.activate(key.arn(), next.id(), OTHER, 0, Schedule.NONE);
        assertThat(rotated.currentId()).isEqualTo(next.id());
        assertThat(rotated.version()).isEqualTo(key.version() + 1);
        assertThat(rotated.backingKeys())
                .containsExactly(key.current(), Drafts.active(next, OTHER));
        assertThat(store.keys()).containsExactly(rotated);
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void generationsAreOrderedOldestFirst() throws IOException {
        KeyRecord key = created();
        for (int generation : new int[] {10, 2, 26, 9, 3}) {
            BackingKey next = Drafts.backing(generation, RotationType.ON_DEMAND);
            store.beginBackingKey(key.arn(), next);
            store.activate(key.arn(), next.id(), OTHER, 0, Schedule.NONE);
        }
        reopen();

        assertThat(store.keys().getFirst().backingKeys())
                .extracting(BackingKey::generation)
                .containsExactly(1, 2, 3, 9, 10, 26);
        assertThat(store.keys().getFirst().current().generation())
                .as("what was activated last")
                .isEqualTo(3);
    }

    @Test
    void aDiscardedKeyWasNeverThere() {
        KeyRecord draft = Drafts.key("never made");
        store.beginKey(draft);

        store.discard(draft.arn(), draft.currentId());

        assertThat(store.keys()).isEmpty();
        assertThat(store.unfinished()).isEmpty();
        store.beginKey(draft);
        assertThat(store.unfinished()).hasSize(1);
    }

    @Test
    void discardedMaterialLeavesItsKeyAsItWas() {
        KeyRecord key = created();
        BackingKey next = Drafts.backing(2, RotationType.ON_DEMAND);
        store.beginBackingKey(key.arn(), next);

        store.discard(key.arn(), next.id());

        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished()).isEmpty();
        store.beginBackingKey(key.arn(), Drafts.backing(2, RotationType.ON_DEMAND));
    }

    @Test
    void activeMaterialCannotBeDiscarded() {
        KeyRecord key = created();
        assertUnchangedBy(() -> store.discard(key.arn(), key.currentId()));
    }

    @Test
    void unknownMaterialCannotBeDiscarded() {
        KeyRecord key = created();
        assertUnchangedBy(() -> store.discard(key.arn(), UUID.randomUUID()));
    }

    @Test
    void materialIsActivatedOnce() {
        KeyRecord key = created();
        assertUnchangedBy(
                () -> store.activate(key.arn(), key.currentId(), OTHER, 0, Schedule.NONE));
    }

    @Test
    void unknownMaterialCannotBeActivated() {
        KeyRecord key = created();
        assertUnchangedBy(
                () -> store.activate(key.arn(), UUID.randomUUID(), OTHER, 0, Schedule.NONE));
        assertUnchangedBy(
                () ->
                        store.activate(
                                Drafts.key("unknown").arn(),
                                key.currentId(),
                                OTHER,
                                0,
                                Schedule.NONE));
    }

    @Test
    void materialOfAnotherKeyCannotBeActivated() {
        KeyRecord key = created();
        KeyRecord draft = Drafts.key("another");
        store.beginKey(draft);
        assertUnchangedBy(
                () -> store.activate(key.arn(), draft.currentId(), OTHER, 0, Schedule.NONE));
    }

    /** Else a row could name another row's object. */
    @Test
    void aCkaIdBelongsToOneRow() {
        KeyRecord key = created();
        BackingKey same =
                Drafts.withCkaId(Drafts.backing(2, RotationType.ON_DEMAND), key.current().ckaId());
        assertUnchangedBy(() -> store.beginBackingKey(key.arn(), same));

        KeyRecord other = Drafts.key("another");
        KeyRecord stolen =
                Drafts.with(other, Drafts.withCkaId(other.current(), key.current().ckaId()));
        assertUnchangedBy(() -> store.beginKey(stolen));
        store.beginKey(other);
    }

    @Test
    void aGenerationComesOnce() {
        KeyRecord key = created();
        assertUnchangedBy(() -> store.beginBackingKey(key.arn(), Drafts.backing(1, null)));
    }

    @Test
    void aKeyBeginsOnce() {
        KeyRecord key = created();
        assertUnchangedBy(() -> store.beginKey(Drafts.with(key, Drafts.backing(1, null))));
    }

    @Test
    void materialBelongsToAKey() {
        Arn unknown = Drafts.key("unknown").arn();
        assertUnchangedBy(() -> store.beginBackingKey(unknown, Drafts.backing(1, null)));
    }

    @Test
    void unfinishedKeysAndRotationsAreThereAfterARestart() throws IOException {
        KeyRecord key = created();
        BackingKey next = Drafts.backing(2, RotationType.ON_DEMAND);
        store.beginBackingKey(key.arn(), next);
        KeyRecord draft = Drafts.key("half a key");
        store.beginKey(draft);

        reopen();

        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished())
                .containsExactlyInAnyOrder(
                        new Unfinished(key, next), new Unfinished(draft, draft.current()));
    }

    @Test
    void whomAPolicyMeantComesBackAndGoesWithTheKey() throws IOException {
        KeyRecord draft = Drafts.key(KeyId.random(), "bound", ANOTHER_POLICY);
        KeyRecord other = Drafts.key(KeyId.random(), "bound too", ANOTHER_POLICY);
        store.beginKey(draft);
        store.beginKey(other);
        store.discard(other.arn(), other.currentId());
        KeyRecord key = store.activate(draft.arn(), draft.currentId(), CANARY, 0, Schedule.NONE);

        assertThat(key.policy()).isEqualTo(ANOTHER_POLICY);
        reopen();
        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished()).isEmpty();
        store.beginKey(other);
    }

    @Test
    void stateDescriptionPolicyAndTagsAreReplaced() throws IOException {
        KeyRecord key = created();
        KeyRecord bystander = created();

        KeyRecord disabled = store.setState(key.arn(), KeyState.Disabled);
        KeyRecord described = store.setDescription(key.arn(), "other");
        KeyRecord governed = store.setPolicy(key.arn(), ANOTHER_POLICY);
        KeyRecord tagged = store.setTags(key.arn(), key.tags().with(Map.of("more", "\u00e4")));

        assertThat(disabled.state()).isEqualTo(KeyState.Disabled);
        assertThat(described.description()).isEqualTo("other");
        assertThat(governed.policy()).isEqualTo(ANOTHER_POLICY);
        assertThat(tagged.tags().values())
                .containsExactly(
                        Map.entry("Empty", ""),
                        Map.entry("Purpose", "Test"),
                        Map.entry("more", "\u00e4"));
        assertThat(tagged.state()).isEqualTo(KeyState.Disabled);
        assertThat(tagged.version()).isEqualTo(key.version() + 4);
        assertThat(tagged.backingKeys()).isEqualTo(key.backingKeys());
        reopen();
        assertThat(store.keys()).containsExactlyInAnyOrder(tagged, bystander);
        assertThat(store.setTags(key.arn(), Tags.NONE).tags()).isEqualTo(Tags.NONE);
    }

    @Test
    void aKeyThatIsNotThereCannotBeChanged() {
        KeyRecord draft = Drafts.key("begun");
        store.beginKey(draft);
        for (Arn absent : List.of(draft.arn(), Drafts.key("unknown").arn())) {
            assertUnchangedBy(() -> store.setState(absent, KeyState.Disabled));
            assertUnchangedBy(() -> store.setDescription(absent, "x"));
            assertUnchangedBy(() -> store.setPolicy(absent, ANOTHER_POLICY));
            assertUnchangedBy(() -> store.setTags(absent, Tags.NONE));
        }
    }

    @Test
    void reservedEncryptionsAddUp() throws IOException {
        KeyRecord key = created();
        KeyRecord other = created();

        assertThat(store.reserveEncryptions(key.arn(), key.currentId(), 5)).isEqualTo(5);
        reopen();
        assertThat(store.reserveEncryptions(key.arn(), key.currentId(), 1L << 40))
                .isEqualTo((1L << 40) + 5);
        assertThat(store.reserveEncryptions(other.arn(), other.currentId(), 1)).isEqualTo(1);
        assertUnchangedBy(() -> store.reserveEncryptions(key.arn(), other.currentId(), 1));
    }

    @Test
    void encryptionsAreReservedForEveryKeyThatMayHaveMore() {
        KeyRecord key = created();
        KeyRecord full = created();
        store.reserveEncryptions(full.arn(), full.currentId(), 991);
        BackingKey next = Drafts.backing(2, RotationType.ON_DEMAND);
        store.beginBackingKey(key.arn(), next);
        store.activate(key.arn(), next.id(), OTHER, 7, Schedule.NONE);
        store.beginKey(Drafts.key("begun"));

        assertThat(store.reserveEncryptionsOfAll(10, 1000)).containsExactly(next.ckaId());
        assertThat(store.reserveEncryptions(key.arn(), next.id(), 0)).isEqualTo(17);
        assertThat(store.reserveEncryptions(key.arn(), key.currentId(), 0)).isZero();
        assertThat(store.reserveEncryptions(full.arn(), full.currentId(), 0)).isEqualTo(991);
    }

    @Test
    void aliasesComeAndGo() throws IOException {
        KeyRecord key = created();
        KeyRecord other = created();
        Alias alias = alias(key, "alias/a");
        Alias second = alias(key, "alias/b/c:d_-");
        store.createAlias(alias);
        store.createAlias(second);
        reopen();
        assertThat(store.aliases()).containsExactlyInAnyOrder(alias, second);

        Alias moved = alias.to(other.id(), alias.updatedAt().plusSeconds(1));
        store.updateAlias(moved);
        assertThat(store.aliases()).containsExactlyInAnyOrder(moved, second);

        store.deleteAlias(second.arn());
        assertThat(store.aliases()).containsExactly(moved);
    }

    @Test
    void anAliasIsThereOnceAndOfAKeyThatIsThere() {
        KeyRecord key = created();
        Alias alias = alias(key, "alias/a");
        store.createAlias(alias);
        List<Alias> before = store.aliases();

        assertThatThrownBy(() -> store.createAlias(alias)).isInstanceOf(RuntimeException.class);
        Alias orphan = alias(Drafts.key("unknown"), "alias/b");
        assertThatThrownBy(() -> store.createAlias(orphan)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.updateAlias(orphan)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.deleteAlias(orphan.arn()))
                .isInstanceOf(RuntimeException.class);
        assertThat(store.aliases()).isEqualTo(before);
    }

    private static Alias alias(KeyRecord key, String name) {
        Arn arn = Arn.alias("aws", key.arn().region(), key.arn().account(), name);
        return new Alias(arn, key.id(), key.createdAt(), key.createdAt());
    }

    @Test
    void grantsComeAndGo() throws IOException {
        KeyRecord key = created();
        Grant bare = Drafts.grant(key.arn(), "", GrantConstraints.NONE);
        Grant full =
                Drafts.grant(
                        key.arn(),
                        "name",
                        new GrantConstraints(
                                Map.of("a", "1", "\u00E9", ""),
                                Map.of("b", "2"),
                                Optional.of("arn:aws:s3:::bucket")));
        store.createGrant(bare);
        store.createGrant(full);
        reopen();
        assertThat(store.grants()).containsExactlyInAnyOrder(bare, full);

        store.deleteGrant(full);
        reopen();
        assertThat(store.grants()).containsExactly(bare);
    }

    @Test
    void aGrantIsThereOnceAndOfAKeyThatIsThere() {
        Grant grant = Drafts.grant(created().arn(), "", GrantConstraints.NONE);
        Grant orphan = Drafts.grant(Drafts.key("unknown").arn(), "", GrantConstraints.NONE);
        store.createGrant(grant);

        assertThatThrownBy(() -> store.createGrant(grant)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.createGrant(orphan)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> store.deleteGrant(orphan)).isInstanceOf(RuntimeException.class);
        assertThat(store.grants()).containsExactly(grant);
    }

    @Test
    void aKeyMayWaitForItsMaterial() throws IOException {
        KeyRecord key = store.createKey(Drafts.external());

        assertThat(key.state()).isEqualTo(KeyState.PendingImport);
        assertThat(key.currentId()).isNull();
        assertThat(key.backingKeys()).isEmpty();
        reopen();
        assertThat(store.keys()).containsExactly(key);
        assertThat(store.key(key.arn())).contains(key);
        assertThat(store.unfinished()).isEmpty();
        assertThat(store.setDescription(key.arn(), "other").description()).isEqualTo("other");
    }

    @Test
    void importedMaterialBecomesCurrentIfThereIsNone() throws IOException {
        KeyRecord key = store.createKey(Drafts.external());
        BackingKey first = Drafts.imported(1);
        store.beginBackingKey(key.arn(), first);
        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished()).hasSize(1);

        KeyRecord with = imported(key, first);
        BackingKey second = Drafts.imported(2);
        store.beginBackingKey(key.arn(), second);
        KeyRecord waiting = imported(key, second);

        assertThat(with.state()).isEqualTo(KeyState.Enabled);
        assertThat(with.currentId()).isEqualTo(first.id());
        assertThat(waiting.currentId()).isEqualTo(first.id());
        assertThat(waiting.pendingRotation().orElseThrow().id()).isEqualTo(second.id());
        reopen();
        assertThat(store.keys()).containsExactly(waiting);
        KeyRecord rotated = store.rotateTo(key.arn(), second.id(), Instant.EPOCH);
        assertThat(rotated.current().rotation()).isEqualTo(RotationType.ON_DEMAND);
        assertThat(rotated.current().createdAt()).isEqualTo(Instant.EPOCH);
        assertUnchangedBy(() -> store.rotateTo(key.arn(), second.id(), Instant.EPOCH));
    }

    @Test
    void deletedMaterialKeepsItsRowAndItsAnswer() throws IOException {
        KeyRecord key = store.createKey(Drafts.external());
        BackingKey first = Drafts.imported(1);
        store.beginBackingKey(key.arn(), first);
        imported(key, first);

        KeyRecord going = store.beginMaterialDeletion(key.arn(), first.id());
        KeyRecord gone = store.endMaterialDeletion(key.arn(), first.id(), true);

        assertThat(going.state()).isEqualTo(KeyState.PendingImport);
        assertThat(going.materials()).isEmpty();
        assertThat(gone.current().state()).isEqualTo(BackingKeyState.PENDING_IMPORT);
        assertThat(gone.current().canary()).isEqualTo(CANARY);
        store.beginImportAgain(key.arn(), first.id(), "other");
        assertUnchangedBy(() -> store.beginImportAgain(key.arn(), first.id(), "other"));
        reopen();
        store.discard(key.arn(), first.id());
        assertThat(store.key(key.arn()).orElseThrow().current().state())
                .isEqualTo(BackingKeyState.PENDING_IMPORT);
        store.beginImportAgain(key.arn(), first.id(), "other");
        assertThat(imported(key, first).current().token()).isEqualTo("other");
    }

    @Test
    void aFirstImportThatIsTakenBackLeavesTheKey() {
        KeyRecord key = store.createKey(Drafts.external());
        BackingKey first = Drafts.imported(1);
        store.beginBackingKey(key.arn(), first);

        store.discard(key.arn(), first.id());

        assertThat(store.keys()).containsExactly(key);
        assertThat(store.unfinished()).isEmpty();
    }

    @Test
    void aKeyWithoutMaterialEnds() {
        KeyRecord key = store.createKey(Drafts.external());
        store.setState(key.arn(), KeyState.PendingDeletion);

        store.beginDestruction(key.arn());

        assertThat(store.keys()).isEmpty();
        assertThat(store.key(key.arn())).isEmpty();
        assertThat(store.doomed()).containsExactly(new Doomed(key.arn(), List.of()));
        store.bury(key.arn(), Instant.EPOCH);
        assertThat(store.doomed()).isEmpty();
        assertThat(store.tombstones()).hasSize(1);
    }

    private KeyRecord imported(KeyRecord key, BackingKey backing) {
        return store.activateImported(
                key.arn(),
                backing.id(),
                CANARY,
                new ImportTerms("mine", Optional.of(Instant.EPOCH)),
                0,
                true);
    }

    @Test
    void manyThreadsChangeManyKeys() {
        List<KeyRecord> made = IntStream.range(0, 64).parallel().mapToObj(i -> created()).toList();

        assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(made);
    }

    private KeyRecord created() {
        KeyRecord draft = Drafts.key("created");
        store.beginKey(draft);
        return store.activate(draft.arn(), draft.currentId(), CANARY, 0, Schedule.NONE);
    }

    private void assertUnchangedBy(ThrowingCallable call) {
        List<KeyRecord> keys = store.keys();
        List<Unfinished> unfinished = store.unfinished();

        assertThatThrownBy(call).isInstanceOf(RuntimeException.class);

        assertThat(store.keys()).isEqualTo(keys);
        assertThat(store.unfinished()).isEqualTo(unfinished);
    }

    private void reopen() throws IOException {
        store.close();
        store = open();
    }
}
