package io.keyhold.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.Commands.Outcome;
import io.keyhold.testkit.Callers;
import io.keyhold.v1.CreateAccessKeyRequest;
import io.keyhold.v1.CreateGrantRequest;
import io.keyhold.v1.CreateUserRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.GrantOperation;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code keyhold backup} beside a daemon that serves, and {@code keyhold restore}. */
final class BackupRestoreIT {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);

    private Home home;
    private Path copy;

    @BeforeEach
    void prepare() {
        home = Home.prepare();
        copy = home.scratch("copy.db");
    }

    @AfterEach
    void remove() {
        home.close();
    }

    /** The story that the README tells: what was done since is named, and no data is lost. */
    @Test
    void anOlderCopyIsRestored() throws IOException {
        String key;
        String doomed;
        String grant;
        List<byte[]> blobs = new ArrayList<>();
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            key = client.createKey().getKeyId();
            doomed = client.createKey().getKeyId();
            Request.of(ScheduleKeyDeletionRequest.newBuilder().setKeyId(doomed)).send(client);
            Request.of(CreateUserRequest.newBuilder().setUserName("alice")).send(client);
            Request.of(CreateAccessKeyRequest.newBuilder().setUserName("alice")).send(client);
            blobs.add(client.encrypt(key, PLAINTEXT, Map.of()));

            Outcome taken = keyhold("backup", copy.toString());

            assertThat(taken.exitCode()).as(taken.toString()).isZero();
            assertThat(taken.out()).startsWith(copy + " is a copy of 20");
            assertThat(Files.getPosixFilePermissions(copy))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            client.rotate(key);
            blobs.add(client.encrypt(key, PLAINTEXT, Map.of()));
            grant =
                    client.call(
                                    Rpc.CREATE_GRANT,
                                    CreateGrantRequest.newBuilder()
                                            .setKeyId(key)
                                            .setGranteePrincipal(
                                                    "arn:aws:iam::123456789012:user/alice")
                                            .addOperations(GrantOperation.Value.Decrypt)
                                            .build())
                            .getGrantId();
            Request.of(CreateAccessKeyRequest.newBuilder().setUserName("alice")).send(client);
            assertThat(keyhold("restore", copy.toString(), "--accept").err())
                    .contains("another daemon, process " + daemon.pid());
        }
        byte[] before = Files.readAllBytes(home.path("keyhold.db"));

        // Two keys, and the one under which the daemon seals the secrets of access keys.
        Outcome looked = keyhold("restore", copy.toString());

        assertThat(looked.exitCode()).isEqualTo(1);
        assertThat(looked.out())
                .contains(" with 3 keys.", "does not know of these changes", "TIME ")
                .contains(" RotateKeyOnDemand ", " CreateGrant ", " CreateAccessKey ", key)
                .contains(grant, " AKIA", "user/alice", "Nothing was restored.")
                .doesNotContain("CreateUser", "ScheduleKeyDeletion", " Encrypt ");
        assertThat(Files.readAllBytes(home.path("keyhold.db"))).isEqualTo(before);

        Outcome restored = keyhold("restore", copy.toString(), "--accept");

        assertThat(restored.exitCode()).as(restored.toString()).isZero();
        assertThat(restored.out())
                .contains("Restored. 3 keys get new material before they encrypt again.")
                .contains("The deletion of ", doomed + " is put off by 7 days")
                .contains("The database that was there is now " + home.path("keyhold.db.before-"));
        assertThat(Commands.text(home.path("audit/journal.jsonl")).lines().toList().getLast())
                .contains("\"RestoreMetadata\"", "\"keys\":3", "keyhold.db.before-");
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            String object = adoptable();
            Outcome adopted = keyhold("doctor", "--adopt", object);
            assertThat(adopted.exitCode()).as(adopted.toString()).isZero();
            for (byte[] blob : blobs) {
                assertThat(client.decrypt(blob, Map.of())).isEqualTo(PLAINTEXT);
            }
            String old = describe(client, key).getCurrentKeyMaterialId();
            byte[] fresh = client.encrypt(key, PLAINTEXT, Map.of());
            assertThat(describe(client, key).getCurrentKeyMaterialId()).isNotEqualTo(old);
            assertThat(client.decrypt(fresh, Map.of())).isEqualTo(PLAINTEXT);
            assertThat(describe(client, doomed).getDeletionDate().getSeconds())
                    .isGreaterThan(Instant.now().plus(Duration.ofDays(6)).getEpochSecond());
            Consistency.assertIn(home);
        }
    }

    /** Callers neither wait for it nor appear in it by half. */
    @Test
    void copiesAreTakenWhileTheDaemonServes() {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon);
                Callers callers =
                        Callers.start(
                                4,
                                caller -> {
                                    String key = client.createKey().getKeyId();
                                    client.rotate(key);
                                    client.encrypt(key, PLAINTEXT, Map.of());
                                })) {
            for (int i = 0; i < 3; i++) {
                callers.awaitAnswers(10 * (i + 1));
                Path each = home.scratch("copy" + i);
                assertThat(keyhold("backup", each.toString()).exitCode()).isZero();
                assertThat(Database.of(each).damage()).allMatch(BackupRestoreIT::isUnderWay);
                assertThat(Database.of(each).backingKeys()).hasSizeGreaterThan(10 * i);
            }
            assertThat(callers.refused()).isZero();
        }
    }

    @Test
    void aCopyIsNeitherOverwrittenNorServed() throws IOException {
        Outcome nothing = keyhold("backup", copy.toString());
        assertThat(nothing.exitCode()).isEqualTo(Keyhold.CONFIG);
        assertThat(nothing.err()).contains(home.path("keyhold.db") + " does not exist");
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            client.createKey();
            assertThat(keyhold("backup", copy.toString()).exitCode()).isZero();
            byte[] first = Files.readAllBytes(copy);
            Outcome again = keyhold("backup", copy.toString());
            assertThat(again.exitCode()).isEqualTo(Keyhold.CONFIG);
            assertThat(again.err()).contains(copy + " is in the way");
            assertThat(Files.readAllBytes(copy)).isEqualTo(first);
        }

        new Database(home).replaceBy(copy);

        assertThat(Keyhold.refusal(home)).contains("is a copy of", "keyhold restore");
    }

    @Test
    void aJournalThatWasRenamedIsRead() throws IOException {
        Path journal = home.path("audit/journal.jsonl");
        String key;
        String other;
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            key = client.createKey().getKeyId();
            assertThat(keyhold("backup", copy.toString()).exitCode()).isZero();
            client.rotate(key);
        }
        Files.move(journal, journal.resolveSibling("journal-1.jsonl"));
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            other = client.createKey().getKeyId();
        }

        assertThat(keyhold("restore", copy.toString()).out())
                .containsSubsequence("RotateKeyOnDemand", key, "CreateKey", other)
                .doesNotContain("cannot all be said");

        Files.delete(journal.resolveSibling("journal-1.jsonl"));

        assertThat(keyhold("restore", copy.toString()).out())
                .containsSubsequence("cannot all be said", "CreateKey", other)
                .doesNotContain("RotateKeyOnDemand");
    }

    @Test
    void aJournalThatIsCutShortIsNoWitness() throws IOException {
        try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                Client client = Listener.UNIX.connect(daemon)) {
            client.createKey();
            assertThat(keyhold("backup", copy.toString()).exitCode()).isZero();
        }
        assertThat(keyhold("restore", copy.toString()).out()).contains("nothing was changed since");

        Files.write(home.path("audit/journal.jsonl"), new byte[0]);

        assertThat(keyhold("restore", copy.toString()).out())
                .contains("what was changed cannot all be said");
    }

    /** A key that is being created has no current material yet. */
    private static boolean isUnderWay(String damage) {
        return damage.startsWith("current is not active: ");
    }

    private String adoptable() {
        return keyhold("doctor")
                .out()
                .lines()
                .filter(line -> line.startsWith("adoptable"))
                .map(line -> line.split(" +")[2])
                .findFirst()
                .orElseThrow();
    }

    private static KeyMetadata describe(Client client, String key) {
        return client.call(Rpc.DESCRIBE_KEY, DescribeKeyRequest.newBuilder().setKeyId(key).build())
                .getKeyMetadata();
    }

    private Outcome keyhold(String... arguments) {
        return Keyhold.run(
                Stream.concat(Stream.of(arguments), Stream.of("--home", home.folder().toString()))
                        .toArray(String[]::new));
    }
}
