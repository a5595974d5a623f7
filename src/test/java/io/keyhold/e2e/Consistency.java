package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Database.BackingRow;
import io.keyhold.e2e.Token.TokenObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * R2: each row but of material that waits for its import has its one object, or pair, with the same
 * CKA_ID; each object has its row.
 */
final class Consistency {

    private static final Duration PROMISE = Duration.ofSeconds(10);

    private Consistency() {}

    /** Waits for what a started daemon must have reached within 10 s. */
    static void awaitIn(Home home) {
        Awaitility.await().pollInSameThread().atMost(PROMISE).untilAsserted(() -> assertIn(home));
    }

    static void assertIn(Home home) {
        Database database = new Database(home);
        List<BackingRow> rows = database.backingKeys();
        assertThat(rows).extracting(BackingRow::state).isSubsetOf("ACTIVE", "PENDING_IMPORT");
        List<TokenObject> objects = named(home);
        assertThat(objects).doesNotHaveDuplicates();
        Set<TokenObject> expected =
                rows.stream()
                        .filter(row -> row.state().equals("ACTIVE"))
                        .flatMap(BackingRow::objects)
                        .collect(Collectors.toSet());
        assertThat(new HashSet<>(objects)).isEqualTo(expected);
        assertThat(database.damage()).isEmpty();
    }

    /** All objects that are anybody's. */
    private static List<TokenObject> named(Home home) {
        return home.token().objects().stream().filter(object -> !isTorn(object)).toList();
    }

    /**
     * SoftHSM 2.6.1 writes a new object's file attribute by attribute: killed inside C_GenerateKey,
     * or on a disk that is full, it leaves one that has neither ID nor key, and perhaps a label. It
     * is no row's object, so nobody destroys it. How many there are.
     */
    static long torn(Home home) {
        return home.token().objects().stream().filter(Consistency::isTorn).count();
    }

    private static boolean isTorn(TokenObject object) {
        return object.id().isEmpty();
    }
}
