package io.keyhold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What has been added to a file since the last look. */
final class Lines implements AutoCloseable {

    private final RandomAccessFile file;

    Lines(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    String added() {
        try {
            byte[] bytes = new byte[Math.toIntExact(file.length() - file.getFilePointer())];
            file.readFully(bytes);
            return new String(bytes, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
