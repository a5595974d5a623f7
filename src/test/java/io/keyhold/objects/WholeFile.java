package io.keyhold.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there with all their bytes or not at all, also after a crash. */
final class WholeFile {

    private WholeFile() {}

    /** Writes or replaces a file; when this returns, it is on disk. */
    static void write(Path file, byte[] content) throws IOException {
        // In the same folder, since only there can it be renamed; in front a dot, as no object has.
        Path unfinished = Files.createTempFile(file.getParent(), ".unfinished-", "");
        try {
            try (FileChannel out = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        try (FileChannel folder = FileChannel.open(file.getParent())) {
            folder.force(true);
        }
    }
}
