package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Bytes16;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.lifecycle.Finding.Kind;
import io.keyhold.store.Drafts;
import io.keyhold.token.Sealed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Material of which an older copy of the database knows nothing is taken in, one by one. */
class AdoptionTest extends InHouse {

    private static final byte[] PLAINTEXT = {5, 6};

    @Test
    void materialThatIsYoungerThanTheCopyDecryptsAgain() throws IOException {
        KeyRecord key = house.create();
        house.copyDatabase(copy());
        KeyRecord rotated = house.rotate(key);
        Sealed sealed = house.encrypt(rotated, PLAINTEXT);
        goBackToTheCopy();

        Finding finding = onlyFinding();
        assertThat(finding.kind()).isEqualTo(Kind.ADOPTABLE);
        assertThat(finding.object()).contains(rotated.current().ckaId());
        KeyRecord adopted = house.lifecycle().adopt(rotated.current().ckaId());

        assertThat(house.decrypt(adopted, rotated.currentId(), sealed)).isEqualTo(PLAINTEXT);
        assertThat(adopted.backingKey(rotated.currentId()).orElseThrow().keyMaterialId())
                .isEqualTo(rotated.current().keyMaterialId());
        assertThat(house.lifecycle().findings()).isEmpty();
        house.assertInStep();
    }

    /** Nobody knows how often it has encrypted. */
    @Test
    void adoptedMaterialNeverEncrypts() throws IOException {
        KeyRecord key = house.create();
        house.copyDatabase(copy());
        UUID lost = house.rotate(key).current().ckaId();
        goBackToTheCopy();

        KeyRecord adopted = house.lifecycle().adopt(lost);
        KeyRecord rotated = house.rotate(adopted);

        assertThat(adopted.currentId()).isEqualTo(key.currentId());
        assertThat(rotated.backingKeys())
                .extracting(BackingKey::generation)
                .containsExactly(1, 2, 3);
        assertThat(rotated.current().generation()).isEqualTo(3);
    }

    /** The key may have rotated before somebody thought of the lost material. */
    @Test
    void aGenerationThatIsTakenIsGivenAnotherNumber() throws IOException {
        KeyRecord key = house.create();
        house.copyDatabase(copy());
        KeyRecord lost = house.rotate(key);
        Sealed sealed = house.encrypt(lost, PLAINTEXT);
        goBackToTheCopy();
        KeyRecord rotated = house.rotate(key);

        KeyRecord adopted = house.lifecycle().adopt(lost.current().ckaId());
        house.restart();

        assertThat(adopted.currentId()).isEqualTo(rotated.currentId());
        assertThat(house.decrypt(house.now(key), lost.currentId(), sealed)).isEqualTo(PLAINTEXT);
        assertThat(house.now(key)).isEqualTo(adopted);
        house.assertInStep();
    }

    @Test
    void whatIsNoLostMaterialIsRefused() {
        KeyRecord key = house.create();
        BackingKey stranger = Drafts.backing(7, null);
        house.keyStore().generate(Drafts.key("nobody's").material(stranger));
        UUID unlabelled = UUID.randomUUID();
        hsm.toolAsUser("--keygen", "--key-type", "AES:32", "--id", hex(unlabelled));

        assertRefused(UUID.randomUUID(), FaultName.NotFoundException, "no object with CKA_ID");
        assertRefused(key.current().ckaId(), FaultName.ConflictException, "has already");
        assertRefused(stranger.ckaId(), FaultName.ConflictException, "an unknown key");
        assertRefused(unlabelled, FaultName.ConflictException, "no label of Keyhold's");
        assertThat(house.now(key)).isEqualTo(key);
    }

    /** Somebody else can label an object like ours: material that could leave stays outside. */
    @Test
    void anObjectThatIsNotMadeAsOursIsRefused() {
        KeyRecord key = house.create();
        UUID ckaId = UUID.randomUUID();
        String label = key.material(Drafts.backing(2, null)).label();
        hsm.toolAsUser(
                "--keygen",
                "--key-type",
                "AES:32",
                "--extractable",
                "--id",
                hex(ckaId),
                "--label",
                label);

        assertThat(onlyFinding().kind()).isEqualTo(Kind.ADOPTABLE);
        assertRefused(ckaId, FaultName.ConflictException, "");
        assertThat(house.now(key)).isEqualTo(key);
        assertThat(hsm.toolAsUser("-O")).contains(label);
    }

    @Test
    void whatIsLeftOfADeletedKeyIsNamedSo() throws IOException {
        KeyRecord key = house.create();
        house.copyDatabase(copy());
        UUID lost = house.rotate(key).current().ckaId();
        goBackToTheCopy();
        house.lifecycle().scheduleDeletion(key.arn(), 7);
        house.live(Duration.ofDays(8));

        Finding finding = onlyFinding();

        assertThat(house.find(key)).isEmpty();
        assertThat(finding.kind()).isEqualTo(Kind.DELETED);
        assertThat(finding.object()).contains(lost);
        assertRefused(lost, FaultName.ConflictException, "an unknown key");
    }

    private Path copy() {
        return folder.resolve("copy.db");
    }

    private void goBackToTheCopy() throws IOException {
        house.close();
        Files.move(copy(), database(), StandardCopyOption.REPLACE_EXISTING);
        house = reopened();
    }

    private Finding onlyFinding() {
        List<Finding> findings = house.lifecycle().findings();
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    private void assertRefused(UUID ckaId, FaultName name, String text) {
        KmsFault fault = catchThrowableOfType(KmsFault.class, () -> house.lifecycle().adopt(ckaId));
        assertThat(fault.name()).isEqualTo(name);
        assertThat(fault.text()).contains(text);
    }

    private static String hex(UUID id) {
        return HexFormat.of().formatHex(Bytes16.of(id));
    }
}
