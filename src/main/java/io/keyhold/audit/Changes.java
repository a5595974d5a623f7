package io.keyhold.audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was changed, according to the files of a journal.
 *
 * @param all oldest first
 * @param complete whether the file was there in which they begin, and all others could be read
 */
public record Changes(List<Change> all, boolean complete) {

    /** It makes good what a crash left; nobody has to do that again. */
    private static final String RECONCILE = "Reconcile";

    /** An event has the time at which its call came; others may be written before it. */
    private static final Duration CALL = Duration.ofMinutes(1);

    /** The last lines of a file are in so many bytes. */
    private static final long TAIL = 1 << 17;

    /**
     * Something that was changed.
     *
     * @param event the verb, or what the daemon did by itself
     * @param by ARN of the caller, or its service
     * @param about ARNs, and other names of what it was done to
     */
    public record Change(Instant time, String event, String by, List<String> about) {}

    /**
     * Everything that was changed since a moment. A journal is rotated by renaming its file, so all
     * files in its folder are looked into that were written since.
     *
     * @param place where the journal ended then
     */
    public static Changes since(Path folder, JournalPlace place, Instant when) throws IOException {
        List<Change> all = new ArrayList<>();
        boolean found = place.begin().isEmpty();
        boolean unreadable = false;
        Instant early = when.minus(CALL);
        for (Path file : files(folder)) {
            Optional<JournalLine> first = first(file);
            if (first.filter(line -> line.id().equals(place.begin())).isPresent()) {
                found = Files.size(file) >= place.length();
                read(file, place.length(), Instant.MIN, all);
            } else if (Files.getLastModifiedTime(file).toInstant().isAfter(early)) {
                unreadable |= first.isEmpty();
                read(file, 0, early, all);
            }
        }
        all.sort(Comparator.comparing(Change::time));
        return new Changes(all, found && !unreadable);
    }

    /**
     * The time of the event that was written last, in whatever file of a journal. A clock that was
     * set back makes earlier ones later.
     */
    public static Optional<Instant> lastEvent(Path folder) throws IOException {
        List<Path> newestFirst = new ArrayList<>(files(folder));
        newestFirst.sort(
                Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed());
        for (Path file : newestFirst) {
            try (BufferedReader lines = lines(file, Math.max(0, Files.size(file) - TAIL))) {
                Optional<Instant> last =
                        lines.lines().flatMap(Changes::time).reduce((one, next) -> next);
                if (last.isPresent()) {
                    return last;
                }
            }
        }
        return Optional.empty();
    }

    private static Stream<Instant> time(String line) {
        return JournalLine.parse(line).map(JournalLine::time).stream();
    }

    /** The first line of a journal's file; empty if it has none. */
    static Optional<JournalLine> first(Path file) throws IOException {
        try (BufferedReader lines = lines(file, 0)) {
            return Optional.ofNullable(lines.readLine()).flatMap(JournalLine::parse);
        }
    }

    /** Every file that has something in it. */
    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (Files.size(file) > 0) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static void read(Path file, long from, Instant early, List<Change> changes)
            throws IOException {
        try (BufferedReader lines = lines(file, from)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JournalLine.parse(line)
                        .filter(each -> each.changed() && !each.event().equals(RECONCILE))
                        .filter(each -> each.time().isAfter(early))
                        .map(each -> new Change(each.time(), each.event(), each.by(), each.about()))
                        .ifPresent(changes::add);
            }
        }
    }

    private static BufferedReader lines(Path file, long from) throws IOException {
        FileChannel channel = FileChannel.open(file);
        return new BufferedReader(
                new InputStreamReader(
                        Channels.newInputStream(channel.position(from)), StandardCharsets.UTF_8));
    }
}
