package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.RotationType;
import io.keyhold.lifecycle.Finding.Kind;
import io.keyhold.store.Drafts;
import io.keyhold.testkit.Callers;
import io.keyhold.testkit.Logged;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a crash left between token and store is made good at the next start. */
class ReconciliationTest extends InHouse {

    private static final String LOG = "io.keyhold.lifecycle";

    @Test
    void aKeyWhoseObjectWasMadeIsFinished() {
        KeyRecord draft = Drafts.key("crashed after C_GenerateKey");
        house.store().beginKey(draft);
        house.keyStore().generate(draft.material(draft.current()));

        house.restart();

        KeyRecord key = house.now(draft);
        assertThat(house.events("CreateKey")).hasSize(1);
        assertThat(key.description()).isEqualTo(draft.description());
        assertThat(key.current().state()).isEqualTo(BackingKeyState.ACTIVE);
        assertThat(house.decrypt(key, key.currentId(), house.encrypt(key, new byte[] {9})))
                .isEqualTo(new byte[] {9});
        house.assertInStep();
    }

    @Test
    void aKeyWhoseObjectWasNeverMadeIsForgotten() {
        KeyRecord draft = Drafts.key("crashed before C_GenerateKey");
        house.store().beginKey(draft);

        house.restart();

        assertThat(house.find(draft)).isEmpty();
        house.assertInStep();
    }

    @Test
    void aRotationWhoseObjectWasMadeIsFinished() {
        KeyRecord key = house.create();
        Sealed old = house.encrypt(key, new byte[] {1});
        BackingKey next = Drafts.backing(2, RotationType.ON_DEMAND);
        house.store().beginBackingKey(key.arn(), next);
        house.keyStore().generate(key.material(next));

        house.restart();

        KeyRecord rotated = house.now(key);
        assertThat(rotated.currentId()).isEqualTo(next.id());
        assertThat(rotated.backingKeys()).hasSize(2);
        assertThat(house.decrypt(rotated, key.currentId(), old)).isEqualTo(new byte[] {1});
        assertThat(house.decrypt(rotated, next.id(), house.encrypt(rotated, new byte[] {2})))
                .isEqualTo(new byte[] {2});
        house.assertInStep();
    }

    @Test
    void aRotationWhoseObjectWasNeverMadeIsForgotten() {
        KeyRecord key = house.create();
        house.store().beginBackingKey(key.arn(), Drafts.backing(2, RotationType.ON_DEMAND));

        house.restart();

        assertThat(house.now(key)).isEqualTo(key);
        house.assertInStep();
        assertThat(house.rotate(key).current().generation()).isEqualTo(2);
    }

    @Test
    void aStartAfterTheRepairChangesNothing() {
        KeyRecord draft = Drafts.key("crashed after C_GenerateKey");
        house.store().beginKey(draft);
        house.keyStore().generate(draft.material(draft.current()));
        house.restart();
        KeyRecord finished = house.now(draft);

        try (Logged log = Logged.by(LOG)) {
            house.restart();
            assertThat(log.messages()).isEmpty();
        }

        assertThat(house.now(draft)).isEqualTo(finished);
    }

    @Test
    void anUnknownObjectIsReportedAndNeverDestroyed() {
        KeyRecord key = house.create();
        Material stranger = Drafts.key("nobody's").material(Drafts.backing(7, null));
        house.keyStore().generate(stranger);

        for (int start = 0; start < 2; start++) {
            try (Logged log = Logged.by(LOG)) {
                house.restart();
                assertThat(log.messages())
                        .singleElement()
                        .asString()
                        .contains("no key knows")
                        .contains(stranger.label());
            }
        }

        assertThat(house.keyStore().objects())
                .extracting(object -> object.ckaId().orElseThrow())
                .containsExactlyInAnyOrder(key.current().ckaId(), stranger.ckaId());
    }

    /** Objects that other programs made need not look like ours. */
    @Test
    void aStrangersObjectIsReportedAndNeverDestroyed() {
        hsm.toolAsUser("--keygen", "--key-type", "AES:32", "--label", "theirs", "--id", "0102");

        try (Logged log = Logged.by(LOG)) {
            house.restart();
            assertThat(log.messages()).singleElement().asString().contains("'theirs'");
        }

        assertThat(hsm.toolAsUser("-O")).contains("theirs");
    }

    /** R4: a missing object makes material unavailable; it never changes a row. */
    @Test
    void aMissingObjectChangesNoRow() throws IOException {
        KeyRecord kept = house.create();
        Set<Path> before = objectFiles();
        KeyRecord missing = house.create();
        Sealed sealed = house.encrypt(missing, new byte[] {5});
        List<KeyRecord> rows = house.store().keys();
        house.close();
        Path object = newObjectFile(before);
        Path hidden = folder.resolve("hidden.object");
        Files.move(object, hidden);
        try (Logged log = Logged.by(LOG)) {
            house = reopened();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains(label(missing))
                    .contains("not in its token");
        }

        assertThat(house.store().keys()).isEqualTo(rows);
        assertThat(house.now(missing).state()).isEqualTo(KeyState.Unavailable);
        assertThat(house.now(kept).state()).isEqualTo(KeyState.Enabled);
        assertUnavailable(missing);
        house.encrypt(kept, new byte[1]);

        Files.move(hidden, object);
        touchToken();
        house.startJobs();
        await().atMost(Duration.ofSeconds(5)).until(() -> house.now(missing).equals(missing));
        assertThat(house.decrypt(missing, missing.currentId(), sealed)).isEqualTo(new byte[] {5});
        house.assertInStep();
    }

    /** What is done to a key that shows as unavailable is done to the key as it is stored. */
    @Test
    void anUnavailableKeyKeepsItsState() throws IOException {
        house.create();
        Set<Path> before = objectFiles();
        KeyRecord key = house.create();
        house.change(key, now -> house.store().setState(now.arn(), KeyState.Disabled));
        house.close();
        Path object = newObjectFile(before);
        Path hidden = folder.resolve("hidden.object");
        Files.move(object, hidden);
        house = reopened();

        house.change(key, now -> house.store().setDescription(now.arn(), "changed meanwhile"));

        assertThat(house.now(key).state()).isEqualTo(KeyState.Unavailable);
        Files.move(hidden, object);
        house.restart();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Disabled);
        assertThat(house.now(key).description()).isEqualTo("changed meanwhile");
    }

    /** One of several: what the others have encrypted decrypts. */
    @Test
    void aKeyWithOtherMaterialStaysEnabled() throws IOException {
        KeyRecord key = house.create();
        Sealed sealed = house.encrypt(key, new byte[] {5});
        Set<Path> before = objectFiles();
        house.rotate(key);
        house.close();
        Files.delete(newObjectFile(before));

        house = reopened();

        KeyRecord now = house.now(key);
        assertThat(now.state()).isEqualTo(KeyState.Enabled);
        assertUnavailable(now);
        assertThat(house.decrypt(now, key.currentId(), sealed)).isEqualTo(new byte[] {5});
        assertThat(house.lifecycle().findings())
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.MISSING);
    }

    /** R4: a start without the token changes no row; it is made good when the token comes. */
    @Test
    void aTokenThatComesLateIsComparedThen() throws IOException {
        KeyRecord key = house.create();
        Sealed sealed = house.encrypt(key, new byte[] {5});
        KeyRecord draft = Drafts.key("crashed after C_GenerateKey");
        house.store().beginKey(draft);
        house.keyStore().generate(draft.material(draft.current()));
        house.close();
        Path hidden = folder.resolve("hidden");
        Files.move(hsm.tokens(), hidden);

        house = reopened();

        assertThat(house.reconciled()).isFalse();
        assertThat(house.store().keys()).containsExactly(key);
        assertThat(house.store().unfinished()).hasSize(1);
        assertUnavailable(key);
        Files.move(hidden, hsm.tokens());
        await().atMost(Duration.ofSeconds(5)).until(house::reconciled);
        assertThat(house.decrypt(key, key.currentId(), sealed)).isEqualTo(new byte[] {5});
        assertThat(house.now(draft).current().state()).isEqualTo(BackingKeyState.ACTIVE);
        house.assertInStep();
    }

    /** The token may come back at any moment, while callers are half-way through. */
    @Test
    void comparingBesideCallersDoesNoHarm() {
        KeyRecord shared = house.create();
        AtomicInteger created = new AtomicInteger(1);
        AtomicInteger rotated = new AtomicInteger();
        try (Logged log = Logged.by(LOG);
                Callers comparing = Callers.start(1, caller -> house.reconcile());
                Callers creating =
                        Callers.start(
                                2,
                                caller -> {
                                    house.encrypt(house.create(), new byte[1]);
                                    created.incrementAndGet();
                                });
                Callers rotating =
                        Callers.start(
                                2,
                                caller -> {
                                    if (rotated.getAndIncrement() < 10) {
                                        house.rotate(shared);
                                    }
                                    house.encrypt(house.now(shared), new byte[1]);
                                })) {
            creating.awaitAnswers(8);
            rotating.awaitAnswers(10);
            comparing.awaitAnswers(5);
            assertThat(creating.refused() + rotating.refused() + comparing.refused()).isZero();
            assertThat(log.messages()).as("false alarms").isEmpty();
        }

        assertThat(house.keys()).isEqualTo(created.get());
        assertThat(house.now(shared).backingKeys())
                .extracting(BackingKey::generation)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 11).boxed().toList());
        house.assertInStep();
    }

    /** The search meets two objects with one name: that row waits, the others do not. */
    @Test
    void oneRowThatCannotBeSettledHoldsUpNoOther() {
        KeyRecord doubled = Drafts.key("two objects");
        house.store().beginKey(doubled);
        house.keyStore().generate(doubled.material(doubled.current()));
        makeAnother(doubled, label(doubled));
        KeyRecord whole = Drafts.key("one object");
        house.store().beginKey(whole);
        house.keyStore().generate(whole.material(whole.current()));

        house.restart();

        assertThat(house.now(whole).current().state()).isEqualTo(BackingKeyState.ACTIVE);
        assertThat(house.find(doubled)).isEmpty();
        assertThat(house.store().unfinished()).hasSize(1);
        assertThat(house.keyStore().objects()).hasSize(3);
    }

    /** A CKA_ID need not be unique in a token that others use too. */
    @Test
    void aStrangersObjectWithOurIdIsNeitherUsedNorDestroyed() {
        KeyRecord key = house.create();
        Sealed sealed = house.encrypt(key, new byte[] {7});
        makeAnother(key, "stranger");
        house.restart();

        assertThat(house.decrypt(key, key.currentId(), sealed)).isEqualTo(new byte[] {7});
        assertThat(house.lifecycle().findings())
                .singleElement()
                .matches(found -> found.kind() == Kind.UNKNOWN && found.label().equals("stranger"));

        house.keyStore().destroy(key.material(key.current()));

        assertThat(house.keyStore().objects())
                .singleElement()
                .extracting(TokenObject::label)
                .isEqualTo("stranger");
    }

    /** Nobody knows which one is right; the token goes on for all other keys. */
    @Test
    void anObjectThatIsThereTwiceIsNamed() {
        KeyRecord key = house.create();
        KeyRecord other = house.create();
        makeAnother(key, label(key));
        house.restart();

        assertThat(house.lifecycle().findings())
                .singleElement()
                .matches(found -> found.kind() == Kind.DOUBLED)
                .matches(found -> found.object().equals(Optional.of(key.current().ckaId())));
        for (int i = 0; i < 3; i++) {
            assertThat(
                            catchThrowableOfType(
                                            KmsFault.class, () -> house.encrypt(key, new byte[1]))
                                    .name())
                    .isEqualTo(FaultName.KMSInternalException);
            assertThat(house.encrypt(other, new byte[1])).isNotNull();
        }
        house.keyStore().destroy(key.material(key.current()));
        assertThat(house.keyStore().objects()).as("with its key, both go").hasSize(1);
    }

    /** Its handle is known in this epoch, and says nothing about now. */
    @Test
    void whatIsMissingIsNotBackBecauseItsHandleIsKnown() throws IOException {
        Set<Path> before = objectFiles();
        KeyRecord key = house.create();
        Path object = newObjectFile(before);
        Path hidden = folder.resolve("hidden");
        house.encrypt(key, new byte[1]);
        Files.move(object, hidden);
        touchToken();
        assertThat(house.lifecycle().findings()).hasSize(1);
        house.startJobs();

        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> house.now(key).state() == KeyState.Unavailable);
        Files.move(hidden, object);
        touchToken();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> house.now(key).state() == KeyState.Enabled);
        house.encrypt(key, new byte[1]);
    }

    /** One that cannot be told apart keeps no other from being found again. */
    @Test
    void whatIsBackIsFoundBesideWhatIsThereTwice() throws IOException {
        house.create(); // so that the token is seen to be well
        Set<Path> before = objectFiles();
        KeyRecord doubled = house.create();
        Path first = newObjectFile(before);
        before = objectFiles();
        KeyRecord other = house.create();
        Path second = newObjectFile(before);
        house.close();
        Files.move(first, folder.resolve("first"));
        Files.move(second, folder.resolve("second"));
        house = reopened();
        assertThat(house.now(other).state()).isEqualTo(KeyState.Unavailable);
        Files.move(folder.resolve("first"), first);
        Files.move(folder.resolve("second"), second);
        makeAnother(doubled, label(doubled));

        house.startJobs();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> house.now(other).state() == KeyState.Enabled);
        assertThat(house.now(doubled).state()).isEqualTo(KeyState.Unavailable);
    }

    @Test
    void aStrangersObjectIsNoSubstitute() throws IOException {
        KeyRecord key = replaced("stranger");

        assertThat(house.now(key).state()).isEqualTo(KeyState.Unavailable);
        assertThat(house.lifecycle().findings())
                .extracting(Finding::kind)
                .containsExactlyInAnyOrder(Kind.MISSING, Kind.UNKNOWN);
    }

    @Test
    void otherMaterialUnderTheSameNameIsFoundOut() throws IOException {
        KeyRecord key = replaced(null);

        assertThat(house.lifecycle().findings())
                .singleElement()
                .matches(found -> found.kind() == Kind.WRONG)
                .matches(found -> found.label().equals(label(key)));
        assertUnavailable(key);
    }

    /** A key whose object is another one now, with its CKA_ID. */
    private KeyRecord replaced(@Nullable String label) throws IOException {
        house.create(); // so that the token is seen to be well
        Set<Path> before = objectFiles();
        KeyRecord key = house.create();
        Path object = newObjectFile(before);
        house.close();
        Files.delete(object);
        makeAnother(key, label == null ? label(key) : label);
        house = reopened();
        return key;
    }

    private static String label(KeyRecord key) {
        return key.material(key.current()).label();
    }

    private void makeAnother(KeyRecord key, String label) {
        String id = HexFormat.of().formatHex(Bytes16.of(key.current().ckaId()));
        hsm.toolAsUser("--keygen", "--key-type", "AES:32", "--label", label, "--id", id);
    }

    /** SoftHSM looks for new files when another process has changed the token through it. */
    private void touchToken() {
        hsm.toolAsUser("--keygen", "--key-type", "AES:32", "--label", "touch", "--id", "0102");
        hsm.toolAsUser("--delete-object", "--type", "secrkey", "--label", "touch");
    }

    private void assertUnavailable(KeyRecord key) {
        KmsFault fault =
                catchThrowableOfType(KmsFault.class, () -> house.encrypt(key, new byte[1]));
        assertThat(fault.name()).isEqualTo(FaultName.KeyUnavailableException);
    }

    /** SoftHSM keeps each object in a file of its own. */
    private Set<Path> objectFiles() throws IOException {
        try (Stream<Path> files = Files.walk(hsm.tokens())) {
            return files.filter(file -> file.toString().endsWith(".object"))
                    .collect(Collectors.toSet());
        }
    }

    private Path newObjectFile(Set<Path> before) throws IOException {
        Set<Path> now = objectFiles();
        now.removeAll(before);
        assertThat(now).hasSize(1);
        return now.iterator().next();
    }
}
