package io.keyhold;

import io.keyhold.audit.Change;
import io.keyhold.config.Config;
import io.keyhold.lifecycle.Clocks;
import io.keyhold.lifecycle.Restoration;
import io.keyhold.store.CopyMark;
import io.keyhold.store.CopyStore.Accepted;
import io.keyhold.store.sql.SqlCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the metadata: taken beside a daemon that serves, put back while none does. The token is
 * not touched.
 */
public final class Backups {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final Logger log = LoggerFactory.getLogger(Backups.class);

    private final Path database;
    private final Path journal;
    private final Path home;

    public Backups(Config config) {
        this.database = config.store().file();
        this.journal = config.audit().directory();
        this.home = config.home();
    }

    /**
     * Takes a copy of this moment.
     *
     * @param file does not exist yet
     * @throws StartException if it cannot be taken
     */
    public CopyMark backup(Path file) {
        try {
            if (!Files.exists(database)) {
                throw new StartException(database + " does not exist");
            }
            // A change is recorded after it is made: what the copy lacks is behind this length.
            CopyMark mark = new CopyMark(Instant.now(), Change.journalLength(journal));
            SqlCopy.take(database, file, mark);
            return mark;
        } catch (IOException e) {
            throw StartException.because(e);
        }
    }

    /**
     * Looks at a copy, and changes nothing.
     *
     * @throws StartException if it is none
     */
    public Copy look(Path file) {
        try (SqlCopy copy = SqlCopy.open(file, database)) {
            return new Copy(
                    copy.mark(), copy.keys(), Change.since(journal, copy.mark().journalLength()));
        } catch (IOException e) {
            throw StartException.because(e);
        }
    }

    /**
     * Puts a copy in the place of the database, which is kept beside it under another name.
     *
     * @throws StartException if it is none, or if a daemon runs
     */
    public Restored restore(Path file) {
        try (ProcessLock ofHome = ProcessLock.ofHome(home);
                ProcessLock ofDatabase = ProcessLock.ofDatabase(database);
                SqlCopy copy = SqlCopy.open(file, database)) {
            log.debug("{} and {} are held", ofHome, ofDatabase);
            Accepted accepted = Restoration.accept(copy, Clocks.system());
            String former = database.getFileName() + ".before-" + STAMP.format(Instant.now());
            return new Restored(accepted, copy.install(database.resolveSibling(former)));
        } catch (IOException e) {
            throw StartException.because(e);
        }
    }

    /**
     * What a copy is.
     *
     * @param changes what was changed since it was taken, by the audit journal; empty if that is
     *     not so long any more as it was then
     */
    public record Copy(CopyMark mark, int keys, Optional<List<Change>> changes) {}

    /**
     * What was done.
     *
     * @param accepted to the keys
     * @param former where the database is that was there, if there was one
     */
    public record Restored(Accepted accepted, Optional<Path> former) {}
}
