package io.keyhold.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Canary;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Schedule;
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
        store = SqlStore.sqlite(folder.resolve("keyhold.db"), SqlStore.Use.NORMAL);
        KeyRecord draft = Drafts.key("a key");
        store.beginKey(draft);
        key =
                store.activate(
                        draft.arn(), draft.currentId(), new Canary(new byte[1]), 0, Schedule.NONE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aStartReservesAFewSoThatTheFirstCallsAreFast() {
        EncryptionCounts counts = started();

        assertThat(counts.ready(key.current())).isTrue();
        counts.count(key);
        assertThat(stored()).isEqualTo(EncryptionCounts.FIRST);
    }

    @Test
    void newMaterialBringsAFew() {
        EncryptionCounts counts = new EncryptionCounts(store);

        counts.begin(key.current());

        assertThat(counts.ready(key.current())).isTrue();
    }

    @Test
    void materialThatNobodyReservedForWaitsForTheDiskOnce() {
        EncryptionCounts counts = new EncryptionCounts(store);
        assertThat(counts.ready(key.current())).isFalse();

        counts.count(key);

        assertThat(counts.ready(key.current())).isTrue();
        assertThat(stored()).isEqualTo(EncryptionCounts.BATCH);
    }

    @Test
    void theNumberIsStoredBeforeItIsReachedByAnyThread() {
        EncryptionCounts counts = started();
        int made = (int) (3 * EncryptionCounts.BATCH);

        IntStream.range(0, made).parallel().forEach(i -> counts.count(key));

        assertThat(stored()).isBetween((long) made, made + 2 * EncryptionCounts.BATCH);
    }

    @Test
    void aRestartCountsOnFromWhatWasReserved() {
        for (int i = 0; i < 3; i++) {
            started().count(key);
        }

        assertThat(stored()).isEqualTo(3 * EncryptionCounts.FIRST);
    }

    @Test
    void materialIsNotUsedMoreOftenThanIsSafe() {
        store.reserveEncryptions(
                key.arn(), key.currentId(), EncryptionCounts.MOST - EncryptionCounts.FIRST);
        EncryptionCounts counts = started();
        for (long i = 0; i < EncryptionCounts.FIRST - EncryptionCounts.LOW; i++) {
            counts.count(key);
        }
        assertThat(counts.count(key)).isFalse();

        assertThat(started().count(key)).isFalse();
    }

    /** As a daemon does it. */
    private EncryptionCounts started() {
        EncryptionCounts counts = new EncryptionCounts(store);
        counts.load();
        return counts;
    }

    private long stored() {
        return store.reserveEncryptions(key.arn(), key.currentId(), 0);
    }
}
