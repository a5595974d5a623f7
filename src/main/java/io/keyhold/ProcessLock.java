package io.keyhold;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Something that one daemon at a time may use; the operating system holds the lock. */
final class ProcessLock implements AutoCloseable {

    private static final int LONGEST = 32;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock of a daemon's home. */
    static ProcessLock ofHome(Path home) {
        return take(home.resolve("keyhold.lock"), home);
    }

    /** Takes the lock of a database in a file, which need not be there. */
    static ProcessLock ofDatabase(Path file) {
        return take(file.resolveSibling(file.getFileName() + ".lock"), file);
    }

    /**
     * Takes the lock.
     *
     * @param file the lock's own, made if needed
     * @param what is protected by it
     * @throws StartException naming the daemon that has it
     */
    private static ProcessLock take(Path file, Path what) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String owner = read(channel);
                channel.close();
                throw new StartException(
                        "another daemon, process " + owner + ", uses " + what + "; stop it first");
            }
            String self = Long.toString(ProcessHandle.current().pid());
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.US_ASCII)), 0);
            return new ProcessLock(channel);
        } catch (IOException e) {
            throw new StartException(file + " cannot be locked: " + e.getMessage());
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
