package io.keyhold.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A place in the journal, which may be in a renamed file one day.
 *
 * @param begin ID of the first event in its file; empty if that had none
 * @param length how many bytes whole lines take before it
 */
public record JournalPlace(String begin, long length) {

    /** Where the journal in a folder ends now. */
    public static JournalPlace endOf(Path folder) throws IOException {
        Path file = JournalFile.in(folder);
        if (!Files.exists(file)) {
            return new JournalPlace("", 0);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long length = JournalFile.wholeLines(channel);
            return Changes.first(file)
                    .map(line -> new JournalPlace(line.id(), length))
                    .orElse(new JournalPlace("", 0));
        }
    }
}
