package io.keyhold.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal's file on disk. Not thread-safe: the journal's one thread uses it. */
final class JournalFile implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JournalFile.class);
    private static final long LEAST_ROOM = 16L << 20;
    private static final long CHECK_NANOS = 1_000_000_000L;
    private static final int TAIL = 1 << 16;

    private final Path path;
    private FileChannel channel;
    private Object inode;
    private long end;
    private long checked = System.nanoTime();

    private JournalFile(Path path) throws IOException {
        this.path = path;
        this.channel = openChannel(path);
        this.inode = inode(path);
        this.end = removeTornTail(channel);
    }

    /** The file of the journal in a folder. */
    static Path in(Path folder) {
        return folder.resolve("journal.jsonl");
    }

    /** Opens {@code journal.jsonl} in a folder, making both if needed, 0600 and 0700. */
    static JournalFile open(Path folder) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new JournalFile(in(folder));
    }

    /** Appends whole lines; after a failure the file ends where it ended before. */
    void append(ByteBuffer lines) throws IOException {
        try {
            long position = end;
            while (lines.hasRemaining()) {
                position += channel.write(lines, position);
            }
            end = position;
        } catch (IOException e) {
            channel.truncate(end);
            throw e;
        }
    }

    /** Makes everything appended durable. */
    void sync() throws IOException {
        channel.force(false);
    }

    boolean checkDue() {
        return System.nanoTime() - checked >= CHECK_NANOS;
    }

    /**
     * Passes if the file can take more. A file that somebody unlinked or replaced is made anew.
     *
     * @throws IOException if it cannot
     */
    void check() throws IOException {
        checked = System.nanoTime();
        if (!Files.exists(path) || !inode(path).equals(inode)) {
            FileChannel fresh = openChannel(path);
            log.error("{} was removed or replaced; a new one is begun", path);
            channel.close();
            channel = fresh;
            inode = inode(path);
            end = removeTornTail(channel);
        }
        if (channel.size() < end) {
            log.error("{} was cut short by somebody; it goes on where it ends now", path);
            end = removeTornTail(channel);
        }
        long room = Files.getFileStore(path).getUsableSpace();
        if (room < LEAST_ROOM) {
            throw new IOException(room + " bytes are free at " + path);
        }
    }

    /** A line that a crash cut short was never acknowledged. */
    private static long removeTornTail(FileChannel channel) throws IOException {
        long size = channel.size();
        return truncate(channel, size, wholeLines(channel));
    }

    /** How many bytes whole lines take, without what comes after the last of them. */
    static long wholeLines(FileChannel channel) throws IOException {
        long from = channel.size();
        ByteBuffer tail = ByteBuffer.allocate(TAIL);
        while (from > 0) {
            long start = Math.max(0, from - TAIL);
            tail.clear().limit((int) (from - start));
            read(channel, tail, start);
            for (int i = tail.position() - 1; i >= 0; i--) {
                if (tail.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            from = start;
        }
        return 0;
    }

    private static void read(FileChannel channel, ByteBuffer into, long start) throws IOException {
        while (into.hasRemaining() && channel.read(into, start + into.position()) > 0) {
            // reads on until the piece is whole
        }
    }

    private static long truncate(FileChannel channel, long size, long end) throws IOException {
        if (end < size) {
            log.warn("{} bytes of an unfinished audit record are cut off", size - end);
            channel.truncate(end);
        }
        return end;
    }

    private static FileChannel openChannel(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        channel.force(true);
        try (FileChannel folder = FileChannel.open(path.toAbsolutePath().getParent())) {
            folder.force(true);
        }
        // Another writer has its own idea of where the file ends, and would overwrite records.
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException("another daemon writes " + path + "; stop it first");
        }
        return channel;
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
