package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Arn;
import io.keyhold.key.BackingKey;
import io.keyhold.key.BackingKeyState;
import io.keyhold.key.FaultName;
import io.keyhold.key.ImportTerms;
import io.keyhold.key.ImportType;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KeyState;
import io.keyhold.key.KeyUsage;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.store.Mistrust;
import io.keyhold.testkit.OwnersPair;
import io.keyhold.testkit.Wrapping;
import io.keyhold.token.Sealed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Material from outside, on a real token and a real database. */
class ImportTest extends InHouse {

    private static final byte[] PLAINTEXT = {1, 2, 3};

    private final byte[] first = Wrapping.random(32);
    private final byte[] second = Wrapping.random(32);

    @Test
    void aKeyWaitsForItsMaterial() {
        KeyRecord key = external();

        assertThat(key.state()).isEqualTo(KeyState.PendingImport);
        assertThat(key.backingKeys()).isEmpty();
        assertThat(house.now(key)).isEqualTo(key);
        house.restart();
        assertThat(house.now(key)).isEqualTo(key);
        assertThat(house.store().unfinished()).isEmpty();
    }

    @Test
    void itsFirstMaterialMakesItUsable() {
        KeyRecord key = external();

        BackingKey material = take(key, first);

        KeyRecord now = house.now(key);
        assertThat(now.state()).isEqualTo(KeyState.Enabled);
        assertThat(now.current()).isEqualTo(material);
        assertThat(material.generation()).isEqualTo(1);
        assertThat(material.rotation()).isNull();
        assertThat(material.keyMaterialId()).matches("[0-9a-f]{64}");
        assertThat(now.rotatesItself()).isFalse();
        Sealed sealed = house.encrypt(now, PLAINTEXT);
        house.restart();
        assertThat(house.now(key)).isEqualTo(now);
        assertThat(house.decrypt(now, material.id(), sealed)).isEqualTo(PLAINTEXT);
        house.assertInStep();
    }

    @Test
    void moreMaterialWaitsForItsRotation() {
        KeyRecord key = external();
        BackingKey old = take(key, first);
        Sealed sealed = house.encrypt(house.now(key), PLAINTEXT);

        BackingKey next = take(key, second, ImportType.NEW_KEY_MATERIAL);

        KeyRecord waiting = house.now(key);
        assertThat(waiting.current()).isEqualTo(old);
        assertThat(waiting.pendingRotation()).contains(next);
        KmsFault third =
                refused(key, Wrapping.random(32), Optional.of(ImportType.NEW_KEY_MATERIAL));
        assertThat(third.name()).isEqualTo(FaultName.KMSInvalidStateException);
        assertThat(third.text()).contains(next.keyMaterialId(), "is pending rotation.");

        KeyRecord rotated = house.rotate(key);

        assertThat(rotated.current().id()).isEqualTo(next.id());
        assertThat(rotated.current().rotation()).isEqualTo(RotationType.ON_DEMAND);
        assertThat(rotated.pendingRotation()).isEmpty();
        assertThat(house.decrypt(rotated, old.id(), sealed)).isEqualTo(PLAINTEXT);
        assertThat(house.events("RotateKey")).hasSize(1);
        KmsFault nothing = catchThrowableOfType(KmsFault.class, () -> house.rotate(key));
        assertThat(nothing.name()).isEqualTo(FaultName.KMSInvalidStateException);
        assertThat(nothing.text()).contains("No available key material pending rotation");
        house.restart();
        assertThat(house.now(key)).isEqualTo(rotated);
        house.assertInStep();
    }

    @Test
    void whatWasDeletedComesAgainAndNothingElseInItsPlace() {
        KeyRecord key = external();
        BackingKey material = take(key, first);
        Sealed sealed = house.encrypt(house.now(key), PLAINTEXT);

        house.lifecycle().deleteMaterial(key.arn(), Optional.empty());

        KeyRecord without = house.now(key);
        assertThat(without.state()).isEqualTo(KeyState.PendingImport);
        assertThat(without.current().state()).isEqualTo(BackingKeyState.PENDING_IMPORT);
        assertThat(objects(key)).isEmpty();
        assertThat(refused(key, second, Optional.empty()).name())
                .isEqualTo(FaultName.IncorrectKeyMaterialException);
        house.restart();
        assertThat(house.now(key)).isEqualTo(without);

        BackingKey again = take(key, first);

        assertThat(again.id()).isEqualTo(material.id());
        assertThat(again.keyMaterialId()).isEqualTo(material.keyMaterialId());
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        assertThat(house.decrypt(house.now(key), material.id(), sealed)).isEqualTo(PLAINTEXT);
        house.assertInStep();
    }

    /** It is named by itself. */
    @Test
    void materialComesAgainEvenToRowsThatNeverKnewIt() throws IOException {
        KeyRecord key = external();
        Path copy = folder.resolve("copy.db");
        house.copyDatabase(copy);
        BackingKey material = take(key, first);
        Sealed sealed = house.encrypt(house.now(key), PLAINTEXT);
        house.close();
        Files.move(copy, database(), StandardCopyOption.REPLACE_EXISTING);
        for (String log : List.of("-wal", "-shm")) {
            Files.deleteIfExists(Path.of(database() + log));
        }
        house.open();
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);

        BackingKey again = take(key, first);

        assertThat(again.id()).isEqualTo(material.id());
        assertThat(house.decrypt(house.now(key), material.id(), sealed)).isEqualTo(PLAINTEXT);
    }

    @Test
    void oneMissingMaterialKeepsAllFromBeingUsed() {
        KeyRecord key = external();
        BackingKey old = take(key, first);
        take(key, second, ImportType.NEW_KEY_MATERIAL);
        house.rotate(key);

        house.lifecycle().deleteMaterial(key.arn(), Optional.of(old.keyMaterialId()));

        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);
        take(key, first);
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        assertThat(house.now(key).backingKeys()).allMatch(BackingKey::isPresent);
    }

    @Test
    void whatWaitsForItsRotationCanGo() {
        KeyRecord key = external();
        take(key, first);
        BackingKey next = take(key, second, ImportType.NEW_KEY_MATERIAL);

        house.lifecycle().deleteMaterial(key.arn(), Optional.of(next.keyMaterialId()));

        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        assertThat(house.now(key).backingKeys()).hasSize(1);
        assertThat(objects(key)).hasSize(1);
        take(key, Wrapping.random(32), ImportType.NEW_KEY_MATERIAL);
    }

    @Test
    void anUnknownMaterialIsNotDeleted() {
        KeyRecord key = external();
        assertThat(house.lifecycle().deleteMaterial(key.arn(), Optional.empty())).isEmpty();
        take(key, first);
        KmsFault fault =
                catchThrowableOfType(
                        KmsFault.class,
                        () ->
                                house.lifecycle()
                                        .deleteMaterial(key.arn(), Optional.of("0".repeat(64))));
        assertThat(fault.name()).isEqualTo(FaultName.NotFoundException);
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
    }

    @Test
    void newMaterialIsNewAndOldIsOld() {
        KeyRecord key = external();
        assertThat(refused(key, first, Optional.of(ImportType.EXISTING_KEY_MATERIAL)).name())
                .isEqualTo(FaultName.IncorrectKeyMaterialException);
        take(key, first);
        KmsFault again = refused(key, first, Optional.of(ImportType.NEW_KEY_MATERIAL));
        assertThat(again.name()).isEqualTo(FaultName.IncorrectKeyMaterialException);
        assertThat(again.text()).contains("EXISTING_KEY_MATERIAL");
        assertThat(objects(key)).hasSize(1);
    }

    @Test
    void itExpiresAtItsTimeAndIsOnRecord() {
        KeyRecord key = external();
        house.round();
        Instant end = house.clocks().clocks().wall().instant().plus(Duration.ofMinutes(30));
        take(key, first, Optional.of(end));
        house.clocks().pass(Duration.ofMinutes(30).minusMillis(1));
        house.tick();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        house.clocks().pass(Duration.ofMillis(1));

        house.tick();

        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);
        assertThat(objects(key)).isEmpty();
        assertThat(house.events("DeleteExpiredKeyMaterial")).hasSize(1);
        house.tick();
        assertThat(house.events("DeleteExpiredKeyMaterial")).hasSize(1);
        take(key, first, Optional.empty());
        house.tick();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
    }

    /** It is not used, and not destroyed, before the clock was right for a day. */
    @Test
    void aClockThatWasSetDestroysNothing() {
        KeyRecord key = external();
        house.round();
        take(key, first, Optional.of(House.NOW.plus(Duration.ofDays(300))));
        KeyRecord good = house.now(key);
        Sealed sealed = house.encrypt(good, PLAINTEXT);
        house.clocks().jump(Duration.ofDays(3650));
        house.tick();
        house.round();
        house.tick();

        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);
        assertThat(objects(key)).hasSize(1);
        house.restart();
        house.tick();
        assertThat(objects(key)).hasSize(1);

        house.clocks().jump(Duration.ofDays(-3650));
        house.tick();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        assertThat(house.decrypt(good, good.currentId(), sealed)).isEqualTo(PLAINTEXT);
    }

    @Test
    void whatExpiredWhileNobodyLookedIsDestroyedADayLater() {
        KeyRecord key = external();
        house.round();
        take(key, first, Optional.of(House.NOW.plus(Duration.ofDays(1))));
        house.sleep(Duration.ofDays(2));
        house.tick();
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);
        assertThat(objects(key)).hasSize(1);

        house.liveInSteps(Duration.ofHours(25));
        house.tick();

        assertThat(objects(key)).isEmpty();
        assertThat(house.events("DeleteExpiredKeyMaterial")).hasSize(1);
    }

    /** By its rows material is to end; but they may be old, and it may have come again. */
    @Test
    void anOldCopyDestroysNothing() {
        KeyRecord expiring = external();
        take(expiring, first, Optional.of(House.NOW.plus(Duration.ofDays(1))));
        KeyRecord again = external();
        BackingKey material = take(again, first);
        house.store().beginMaterialDeletion(again.arn(), material.id());
        house.store().endMaterialDeletion(again.arn(), material.id(), true);
        house.store().beginImportAgain(again.arn(), material.id(), material.token());
        KeyRecord ending = external();
        house.store().beginMaterialDeletion(ending.arn(), take(ending, first).id());
        house.store().mistrust(new Mistrust(House.NOW, 1L << 31, 1L << 30, Duration.ofDays(7)));
        house.restart();
        house.liveInSteps(Duration.ofDays(6));
        house.tick();

        assertThat(house.now(expiring).state()).isEqualTo(KeyState.Enabled);
        for (KeyRecord key : List.of(again, ending)) {
            assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);
            assertThat(objects(key)).hasSize(1);
            take(key, first);
            assertThat(objects(key)).hasSize(1);
            assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        }
    }

    @Test
    void whatIsWrappedForOneKeyIsForNoOther() {
        KeyRecord one = external();
        KeyRecord other = external();
        KeyRecord wrapping = house.wrappingKeys().current(one.arn(), KeySpec.RSA_2048);

        assertThat(house.wrappingKeys().current(other.arn(), KeySpec.RSA_2048).id())
                .isNotEqualTo(wrapping.id());
        assertThat(house.wrappingKeys().find(one.arn(), wrapping.id())).isPresent();
        assertThat(house.wrappingKeys().find(other.arn(), wrapping.id())).isEmpty();
    }

    /** What a pair may do is fixed with it. */
    @Test
    void anotherSettingNeedsAnotherPair() {
        KeyRecord key = external();
        KeyRecord sealed = house.wrappingKeys().current(key.arn(), KeySpec.RSA_2048);
        house.close();
        house = new House(hsm.settingsForPlaintext(), database());
        KeyRecord open = house.wrappingKeys().current(key.arn(), KeySpec.RSA_2048);
        assertThat(open.id()).isNotEqualTo(sealed.id());
        assertThat(house.wrappingKeys().find(key.arn(), sealed.id())).isEmpty();
        house.close();
        house = reopened();

        assertThat(house.wrappingKeys().current(key.arn(), KeySpec.RSA_2048).id())
                .isEqualTo(sealed.id());
        assertThat(house.wrappingKeys().find(key.arn(), open.id())).isEmpty();
    }

    @Test
    void aDisabledKeyStaysSoWhenItsLostMaterialComesAgain() {
        KeyRecord key = external();
        BackingKey material = take(key, first);
        house.change(key, now -> house.store().setState(now.arn(), KeyState.Disabled));
        house.keyStore().destroy(key.material(material));
        house.reconcile();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Unavailable);

        take(key, first);

        assertThat(house.now(key).state()).isEqualTo(KeyState.Disabled);
    }

    /** And the rows are as they were for the next try. */
    @Test
    void anImportThatFailsCanBeTriedAgain() throws GeneralSecurityException {
        KeyRecord key = house.createExternal(KeySpec.RSA_2048, KeyUsage.SIGN_VERIFY);
        byte[] pair = OwnersPair.of(KeySpec.RSA_2048).privateKey();
        BackingKey material = take(key, pair);
        house.keyStore().destroy(key.material(material));
        house.reconcile();
        assertThat(refused(key, OwnersPair.of(KeySpec.RSA_2048).privateKey(), Optional.empty()))
                .isNotNull();

        take(key, pair);

        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        house.assertInStep();
    }

    /** What has no object needs no token to be destroyed. */
    @Test
    void aKeyEndsThoughItsDeletedMaterialWasInAnotherToken() {
        KeyRecord key = external();
        take(key, first);
        house.lifecycle().deleteMaterial(key.arn(), Optional.empty());
        house.sql("UPDATE backing_key SET token = 'gone' WHERE state = 'PENDING_IMPORT'");
        house.restart();
        house.lifecycle().scheduleDeletion(key.arn(), 7);

        house.liveInSteps(Duration.ofDays(8));

        assertThat(house.find(key)).isEmpty();
        assertThat(house.store().doomed()).isEmpty();
    }

    /** And nothing of the object changes. */
    @Test
    void howLongItStaysCanBeChanged() {
        KeyRecord key = external();
        house.round();
        BackingKey before = take(key, first, Optional.of(House.NOW.plusSeconds(60)));

        BackingKey after = take(key, first, Optional.empty());

        assertThat(after.imported()).contains(new ImportTerms("mine", Optional.empty()));
        assertThat(after.ckaId()).isEqualTo(before.ckaId());
        house.live(Duration.ofMinutes(2));
        house.tick();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
    }

    @Test
    void anImportThatACrashCutShortIsUndone() {
        KeyRecord key = external();
        BackingKey material = take(key, first);
        Sealed sealed = house.encrypt(house.now(key), PLAINTEXT);
        house.lifecycle().deleteMaterial(key.arn(), Optional.empty());
        BackingKey next = halfImported(key, material);

        house.restart();

        KeyRecord now = house.now(key);
        assertThat(now.state()).isEqualTo(KeyState.PendingImport);
        assertThat(now.backingKeys()).extracting(BackingKey::id).containsExactly(next.id());
        assertThat(objects(key)).isEmpty();
        assertThat(house.store().unfinished()).isEmpty();
        take(key, first);
        assertThat(house.decrypt(house.now(key), material.id(), sealed)).isEqualTo(PLAINTEXT);
        house.assertInStep();
    }

    /** The object is there, the row says that it is being imported. */
    private BackingKey halfImported(KeyRecord key, BackingKey material) {
        house.store().beginImportAgain(key.arn(), material.id(), material.token());
        var wrapped = house.wrapped(key, first);
        byte[] identity = house.keyStore().identify(key.spec(), wrapped);
        house.keyStore().unwrap(key.material(material), wrapped, identity);
        assertThat(objects(key)).hasSize(1);
        return material;
    }

    @Test
    void aDeletionThatACrashCutShortIsFinished() {
        KeyRecord key = external();
        BackingKey material = take(key, first);
        house.store().beginMaterialDeletion(key.arn(), material.id());
        house.restart();

        assertThat(objects(key)).isEmpty();
        assertThat(house.now(key).current().state()).isEqualTo(BackingKeyState.PENDING_IMPORT);
        take(key, first);
        house.assertInStep();
    }

    @Test
    void whatTheTokenLostCanBeImportedAgain() {
        KeyRecord key = external();
        BackingKey material = take(key, first);
        Sealed sealed = house.encrypt(house.now(key), PLAINTEXT);
        house.keyStore().destroy(key.material(material));
        house.reconcile();
        assertThat(house.now(key).state()).isEqualTo(KeyState.Unavailable);

        take(key, first);

        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
        assertThat(house.decrypt(house.now(key), material.id(), sealed)).isEqualTo(PLAINTEXT);
        house.assertInStep();
    }

    @Test
    void aKeyThatNeverHadMaterialCanEnd() {
        KeyRecord key = external();
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);
        house.lifecycle().cancelDeletion(key.arn());
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingImport);
        house.lifecycle().scheduleDeletion(key.arn(), 7);

        house.liveInSteps(Duration.ofDays(8));

        assertThat(house.find(key)).isEmpty();
        assertThat(house.store().tombstones()).hasSize(1);
    }

    @Test
    void aKeyEndsWithAllItsMaterial() {
        KeyRecord key = external();
        take(key, first);
        take(key, second, ImportType.NEW_KEY_MATERIAL);
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        house.lifecycle().deleteMaterial(key.arn(), Optional.empty());
        assertThat(house.now(key).state()).isEqualTo(KeyState.PendingDeletion);

        house.liveInSteps(Duration.ofDays(8));

        assertThat(house.find(key)).isEmpty();
        assertThat(house.keyStore().objects()).isEmpty();
        assertThat(house.store().doomed()).isEmpty();
    }

    /** Handed out for a day, good for one more, then gone. */
    @Test
    void wrappingKeysComeAndGo() {
        Arn key = external().arn();
        house.round();
        KeyRecord one = house.wrappingKeys().current(key, KeySpec.RSA_2048);
        assertThat(house.wrappingKeys().current(key, KeySpec.RSA_2048)).isEqualTo(one);
        house.liveInSteps(Duration.ofHours(23));
        assertThat(house.wrappingKeys().current(key, KeySpec.RSA_2048).id()).isEqualTo(one.id());
        house.liveInSteps(Duration.ofHours(1));

        KeyRecord next = house.wrappingKeys().current(key, KeySpec.RSA_2048);

        assertThat(next.id()).isNotEqualTo(one.id());
        assertThat(house.wrappingKeys().find(key, one.id())).isPresent();
        house.liveInSteps(Duration.ofHours(25));
        assertThat(house.wrappingKeys().find(key, one.id())).isEmpty();
        assertThat(house.wrappingKeys().find(key, next.id())).isPresent();
        assertThat(house.wrappingKeys().find(key, house.create().id())).isEmpty();
    }

    @Test
    void pairsComeFromOutsideToo() throws NoSuchAlgorithmException {
        KeyRecord key = house.createExternal(KeySpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();

        BackingKey material = take(key, pair.getPrivate().getEncoded());

        KeyRecord now = house.now(key);
        assertThat(house.keyStore().publicKey(now.material(material)))
                .isEqualTo(pair.getPublic().getEncoded());
        assertThat(
                        refused(
                                        key,
                                        generator.generateKeyPair().getPrivate().getEncoded(),
                                        Optional.empty())
                                .name())
                .isEqualTo(FaultName.IncorrectKeyMaterialException);
        house.lifecycle().deleteMaterial(key.arn(), Optional.empty());
        take(key, pair.getPrivate().getEncoded());
        assertThat(house.now(key).state()).isEqualTo(KeyState.Enabled);
    }

    private KeyRecord external() {
        return house.createExternal(KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
    }

    private BackingKey take(KeyRecord key, byte[] material) {
        return take(key, material, Optional.empty(), Optional.empty());
    }

    private BackingKey take(KeyRecord key, byte[] material, ImportType type) {
        return take(key, material, Optional.of(type), Optional.empty());
    }

    private BackingKey take(KeyRecord key, byte[] material, Optional<Instant> validTo) {
        return take(key, material, Optional.empty(), validTo);
    }

    private BackingKey take(
            KeyRecord key, byte[] material, Optional<ImportType> type, Optional<Instant> validTo) {
        return house.lifecycle()
                .importMaterial(
                        key.arn(),
                        new NewMaterial(
                                house.wrapped(key, material),
                                type,
                                Optional.empty(),
                                Optional.of("mine"),
                                validTo));
    }

    private KmsFault refused(KeyRecord key, byte[] material, Optional<ImportType> type) {
        return catchThrowableOfType(
                KmsFault.class, () -> take(key, material, type, Optional.empty()));
    }

    /** The labels of the key's objects in the token. */
    private List<String> objects(KeyRecord key) {
        return house.keyStore().objects().stream()
                .filter(object -> !object.isPublicHalf())
                .map(object -> object.label())
                .filter(label -> label.contains(key.id().toString()))
                .toList();
    }
}
