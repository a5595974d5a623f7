package io.keyhold.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keyhold.key.Canary;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.Schedule;
import io.keyhold.store.Drafts;
import io.keyhold.store.MetadataStore;
import io.keyhold.store.MetadataStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, kept by SQLite in a file; and what only a file or SQL can do wrong. */
class SqliteStoreTest extends MetadataStoreContract {

    private static final Canary CANARY = new Canary(new byte[] {7});

    private @TempDir Path folder;

    @Override
    protected MetadataStore open() throws IOException {
        return SqlStore.sqlite(folder.resolve("keyhold.db"), SqlStore.Use.NORMAL);
    }

    @Test
    void aNewerSchemaIsRefused() throws IOException, SQLException {
        Path file = folder.resolve("newer.db");
        SqlStore.sqlite(file, SqlStore.Use.NORMAL).close();
        execute(file, "INSERT INTO schema_step (number, name) VALUES (999, 'from the future')");

        assertThatThrownBy(() -> SqlStore.sqlite(file, SqlStore.Use.NORMAL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("999")
                .hasMessageContaining("newer Keyhold");

        execute(file, "DELETE FROM schema_step WHERE number = 999");
        SqlStore.sqlite(file, SqlStore.Use.NORMAL).close();
    }

    @Test
    void aRefusedDatabaseIsLetGo() throws IOException, SQLException {
        Path file = folder.resolve("newer.db");
        SqlStore.sqlite(file, SqlStore.Use.NORMAL).close();
        execute(file, "INSERT INTO schema_step (number, name) VALUES (999, 'from the future')");

        assertThatThrownBy(() -> SqlStore.sqlite(file, SqlStore.Use.NORMAL))
                .isInstanceOf(RuntimeException.class);

        assertThat(openFiles().filter(file::equals)).as("still open").isEmpty();
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws IOException {
        Path file = folder.resolve("letter.db");
        Files.writeString(file, "Dear Sir or Madam, ".repeat(1000));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> SqlStore.sqlite(file, SqlStore.Use.NORMAL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());

        assertThat(file).hasBinaryContent(before);
    }

    /** A change of two rows is both or neither. */
    @Test
    void anActivationThatFailsHalfWayChangesNothing() throws IOException, SQLException {
        Path file = folder.resolve("half.db");
        try (MetadataStore store = SqlStore.sqlite(file, SqlStore.Use.NORMAL)) {
            KeyRecord draft = Drafts.key("half way");
            store.beginKey(draft);
            execute(
                    file,
                    "CREATE TRIGGER fail BEFORE UPDATE ON kms_key"
                            + " BEGIN SELECT RAISE(ABORT, 'half way'); END");

            assertThatThrownBy(
                            () ->
                                    store.activate(
                                            draft.arn(),
                                            draft.currentId(),
                                            CANARY,
                                            0,
                                            Schedule.NONE))
                    .hasMessageContaining("half way");

            assertThat(store.keys()).isEmpty();
            assertThat(store.unfinished())
                    .containsExactly(new MetadataStore.Unfinished(draft, draft.current()));
            execute(file, "DROP TRIGGER fail");
            store.activate(draft.arn(), draft.currentId(), CANARY, 0, Schedule.NONE);
        }
    }

    @Test
    void aBeginningThatFailsHalfWayChangesNothing() throws IOException, SQLException {
        Path file = folder.resolve("half.db");
        try (MetadataStore store = SqlStore.sqlite(file, SqlStore.Use.NORMAL)) {
            KeyRecord draft = Drafts.key("half way");
            execute(
                    file,
                    "CREATE TRIGGER fail BEFORE INSERT ON backing_key"
                            + " BEGIN SELECT RAISE(ABORT, 'half way'); END");

            assertThatThrownBy(() -> store.beginKey(draft)).hasMessageContaining("half way");

            execute(file, "DROP TRIGGER fail");
            assertThat(store.unfinished()).isEmpty();
            store.beginKey(draft);
        }
    }

    @Test
    void nobodyElseMayReadTheFiles() throws IOException {
        open().close();
        try (MetadataStore store = open()) {
            store.beginKey(Drafts.key("private"));
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files)
                        .hasSizeGreaterThan(1)
                        .allSatisfy(
                                file ->
                                        assertThat(Files.getPosixFilePermissions(file))
                                                .as("%s", file)
                                                .containsExactlyInAnyOrder(
                                                        PosixFilePermission.OWNER_READ,
                                                        PosixFilePermission.OWNER_WRITE));
            }
        }
    }

    /** The write-ahead log is on, so a reader such as a backup never blocks the daemon. */
    @Test
    void aReaderDoesNotBlockAChange() throws IOException, SQLException {
        Path file = folder.resolve("read.db");
        try (MetadataStore store = SqlStore.sqlite(file, SqlStore.Use.NORMAL);
                Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement reading = reader.createStatement()) {
            reader.setAutoCommit(false);
            assertThat(reading.executeQuery("SELECT COUNT(*) FROM kms_key").getInt(1)).isZero();

            store.beginKey(Drafts.key("written meanwhile"));

            assertThat(store.unfinished()).hasSize(1);
        }
    }

    private static void execute(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The files that this process has open, as Linux tells. */
    private static Stream<Path> openFiles() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> found =
                    descriptors.map(SqliteStoreTest::target).filter(Objects::nonNull).toList();
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) {
            return null; // closed meanwhile
        }
    }
}
