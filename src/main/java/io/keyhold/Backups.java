package io.keyhold;

import io.keyhold.audit.Changes;
import io.keyhold.audit.Journal;
import io.keyhold.audit.JournalPlace;
import io.keyhold.audit.ServiceEvent;
import io.keyhold.config.Config;
import io.keyhold.key.Bytes16;
import io.keyhold.key.KmsFault;
import io.keyhold.lifecycle.Clocks;
import io.keyhold.lifecycle.Restoration;
import io.keyhold.store.CopyMark;
import io.keyhold.store.Mistrust;
import io.keyhold.store.sql.SqlCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
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

    private final Config config;
    private final Path database;
    private final Path journal;

    public Backups(Config config) {
        this.config = config;
        this.database = config.store().file();
        this.journal = config.audit().directory();
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
            // A change is recorded after it is made: what the copy lacks is behind this place.
            JournalPlace end = JournalPlace.endOf(journal);
            CopyMark mark = new CopyMark(Instant.now(), end.begin(), end.length());
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
        try {
            SqlCopy.Look copy = SqlCopy.look(file);
            CopyMark mark = copy.mark();
            JournalPlace place = new JournalPlace(mark.journalBegin(), mark.journalLength());
            return new Copy(
                    mark.takenAt(),
                    copy.keys(),
                    Changes.since(journal, place, mark.takenAt()),
                    journal);
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
        requireOwner(config.home());
        try (ProcessLock ofHome = ProcessLock.ofHome(config.home());
                ProcessLock ofDatabase = ProcessLock.ofDatabase(database);
                SqlCopy copy = SqlCopy.open(file, database)) {
            log.debug("{} and {} are held", ofHome, ofDatabase);
            Mistrust.Outcome outcome = Restoration.accept(copy, Clocks.system());
            Path former =
                    database.resolveSibling(
                            database.getFileName() + ".before-" + STAMP.format(Instant.now()));
            record(copy.seen(), outcome, former);
            copy.install(former);
            return new Restored(outcome, Optional.of(former).filter(Files::exists));
        } catch (IOException e) {
            throw StartException.because(e);
        } catch (KmsFault e) {
            throw new StartException("nothing was restored: " + e.text());
        }
    }

    /** What another user makes there, the daemon could not open. */
    private static void requireOwner(Path home) {
        try {
            if (!Files.getAttribute(home, "unix:uid").equals(Settings.ownUid())) {
                throw new StartException(
                        home + " is " + Files.getOwner(home) + "'s: restore as that user");
            }
        } catch (IOException e) {
            throw StartException.because(e);
        }
    }

    /** Before it is done, as everything is. */
    private void record(SqlCopy.Look copy, Mistrust.Outcome outcome, Path former)
            throws IOException {
        try (Journal trail = new Journal(journal, Keyhold::journalFailed)) {
            trail.record(
                    new ServiceEvent(
                            Bytes16.newName(),
                            "RestoreMetadata",
                            Instant.now(),
                            config.daemon().region(),
                            config.daemon().account(),
                            List.of(),
                            Map.of(
                                    "takenAt", copy.mark().takenAt().toString(),
                                    "keys", copy.keys(),
                                    "former", former.toString(),
                                    "deletionsPutOff", outcome.deletions(),
                                    "uid", Settings.ownUid())));
        }
    }

    /**
     * What a copy is.
     *
     * @param changes what was changed since it was taken, by the audit journal
     * @param journal where that is
     */
    public record Copy(Instant takenAt, int keys, Changes changes, Path journal) {}

    /**
     * What was done.
     *
     * @param outcome to the keys
     * @param former where the database is that was there, if there was one
     */
    public record Restored(Mistrust.Outcome outcome, Optional<Path> former) {}
}
