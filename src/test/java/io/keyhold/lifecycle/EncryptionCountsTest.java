package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KmsFault;
import io.keyhold.store.Drafts;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.sql.SqlStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stored number is never smaller than the number of encryptions. */
class EncryptionCountsTest {

    @TempDir private Path folder;

    private MetadataStore store;
    private KeyRecord key;

    @BeforeEach
    void open() throws IOException {
        store = SqlStore.sqlite(folder.resolve("keyhold.db"));
        KeyRecord draft = Drafts.key("a key");
        store.beginKey(draft);
        key = store.activate(draft.arn(), draft.currentId(), new Canary(new byte[1]));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theFirstOneReservesABatchAndOnlyThenTheOthersAreFast() {
        EncryptionCounts counts = new EncryptionCounts(store);
        assertThat(counts.ready(key.current())).isFalse();

        counts.count(key, key.current());

        assertThat(counts.ready(key.current())).isTrue();
        assertThat(stored()).isEqualTo(EncryptionCounts.BATCH);
    }

    @Test
    void theNumberIsStoredBeforeItIsReachedByAnyThread() {
        EncryptionCounts counts = new EncryptionCounts(store);
        int made = (int) (3 * EncryptionCounts.BATCH);

        IntStream.range(0, made).parallel().forEach(i -> counts.count(key, key.current()));

        assertThat(stored()).isBetween((long) made, made + 2 * EncryptionCounts.BATCH);
    }

    @Test
    void aRestartCountsOnFromWhatWasReserved() {
        for (int i = 0; i < 3; i++) {
            new EncryptionCounts(store).count(key, key.current());
        }

        assertThat(stored()).isEqualTo(3 * EncryptionCounts.BATCH);
    }

    @Test
    void materialIsNotUsedMoreOftenThanIsSafe() {
        store.reserveEncryptions(
                key.arn(), key.currentId(), EncryptionCounts.MOST - EncryptionCounts.BATCH);
        EncryptionCounts counts = new EncryptionCounts(store);
        for (long i = 0; i < EncryptionCounts.BATCH - EncryptionCounts.LOW; i++) {
            counts.count(key, key.current());
        }

        KmsFault fault =
                catchThrowableOfType(KmsFault.class, () -> counts.count(key, key.current()));

        assertThat(fault.name()).isEqualTo(FaultName.LimitExceededException);
        assertThat(fault.text()).contains(key.arn().toString(), "RotateKeyOnDemand");
    }

    private long stored() {
        return store.reserveEncryptions(key.arn(), key.currentId(), 0);
    }
}
