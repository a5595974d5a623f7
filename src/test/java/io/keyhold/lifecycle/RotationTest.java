package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.BackingKey;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.KmsFault;
import io.keyhold.key.RotationType;
import io.keyhold.token.Sealed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Creating and rotating keys, on a real token and a real database. */
class RotationTest extends InHouse {

    @Test
    void aNewKeyIsDurableAndUsable() {
        KeyRecord key = house.create();

        assertThat(key.arn().toString())
                .isEqualTo("arn:aws:kms:us-east-1:123456789012:key/" + key.id());
        assertThat(key.createdAt()).isEqualTo(House.NOW);
        assertThat(key.state()).isEqualTo(KeyState.Enabled);
        assertThat(key.current().generation()).isEqualTo(1);
        assertThat(key.current().token()).isEqualTo(house.keyStore().tokenForNewMaterial());
        assertThat(key.current().rotation()).isNull();
        house.assertInStep();
        Sealed sealed = house.encrypt(key, new byte[] {1, 2, 3});
        house.restart();

        assertThat(house.now(key)).isEqualTo(key);
        assertThat(house.decrypt(key, key.currentId(), sealed)).isEqualTo(new byte[] {1, 2, 3});
    }

    @Test
    void everyGenerationDecryptsAndThe26thRotationIsRefused() {
        KeyRecord key = house.create();
        List<Written> written = new ArrayList<>();
        written.add(write(key));
        for (int rotation = 1; rotation <= 25; rotation++) {
            KeyRecord rotated = house.rotate(key);
            assertThat(rotated.current().generation()).isEqualTo(rotation + 1);
            assertThat(rotated.current().rotation()).isEqualTo(RotationType.ON_DEMAND);
            assertThat(rotated.version()).isEqualTo(key.version() + rotation);
            assertThat(house.now(key)).isEqualTo(rotated);
            written.add(write(rotated));
        }

        KmsFault refused = catchThrowableOfType(KmsFault.class, () -> house.rotate(key));

        assertThat(refused.name()).isEqualTo(FaultName.LimitExceededException);
        assertThat(refused.text()).contains(key.arn().toString());
        assertThat(house.now(key).backingKeys())
                .extracting(BackingKey::keyMaterialId)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-f]{64}"));
        house.assertInStep();
        assertAllDecrypt(key, written);
        house.restart();
        assertAllDecrypt(key, written);
    }

    @Test
    void rotationsOfOneKeyTakeTurns() throws Exception {
        KeyRecord key = house.create();
        try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
            List<Future<KeyRecord>> rotations = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                rotations.add(callers.submit(() -> house.rotate(key)));
            }
            List<Integer> generations = new ArrayList<>();
            for (Future<KeyRecord> rotation : rotations) {
                generations.add(rotation.get().current().generation());
            }
            assertThat(generations).containsExactlyInAnyOrder(2, 3, 4, 5, 6, 7, 8, 9);
        }
        house.assertInStep();
    }

    private Written write(KeyRecord key) {
        byte[] plaintext = {(byte) key.current().generation()};
        return new Written(key.current(), plaintext, house.encrypt(key, plaintext));
    }

    private void assertAllDecrypt(KeyRecord key, List<Written> written) {
        KeyRecord now = house.now(key);
        assertThat(now.backingKeys()).extracting(BackingKey::generation).hasSize(written.size());
        for (Written each : written) {
            assertThat(house.decrypt(now, each.backing.id(), each.sealed))
                    .isEqualTo(each.plaintext);
        }
    }

    private record Written(BackingKey backing, byte[] plaintext, Sealed sealed) {}
}
