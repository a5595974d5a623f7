package io.keyhold.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;

/** How long the disk of the audit journal takes for a small append that must last. */
final class Disk {

    private static final int RECORD = 1024;
    private static final int MOST = 1 << 16;

    private final Path folder;

    Disk(Path folder) {
        this.folder = folder;
    }

    /** Appends and fdatasyncs for some time. */
    Sample measure(Duration time) throws IOException {
        Path file = folder.resolve("disk-probe");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            return measure(channel, time.toNanos());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Sample measure(FileChannel channel, long time) throws IOException {
        ByteBuffer record = ByteBuffer.allocateDirect(RECORD);
        long[] nanos = new long[MOST];
        int count = 0;
        long start = System.nanoTime();
        long now = start;
        while (count < MOST && now - start < time) {
            channel.write(record.clear());
            channel.force(false);
            long then = now;
            now = System.nanoTime();
            nanos[count++] = now - then;
        }
        return Sample.of(Arrays.copyOf(nanos, count), now - start);
    }
}
